"""Speech."""

from __future__ import annotations

from typing import TYPE_CHECKING

import media_factory
from factories.media._service import ServiceWorkflow
from factories.media.base import MediaType

if TYPE_CHECKING:
    from factories.media.base import MediaTask

__all__ = ["VoiceWorkflow"]


class VoiceWorkflow(ServiceWorkflow):
    """Makes speech from text, in a given voice or in that of a sample."""

    supported_languages: list[str]
    """The languages that it speaks."""

    _medium = MediaType.VOICE
    _speaks = media_factory.VoiceWorkflow
    _models = ("tts-1", "tts-hd", "voice-clone", "speech-synthesis")

    def _read_more(self) -> None:
        self.supported_languages = ["en", "es", "fr", "de", "it", "pt", "ru", "ja", "ko", "zh"]

    def text_to_speech(self, text: str, voice: str = "default", language: str = "en") -> MediaTask:
        """Speak ``text``."""
        return self.process({"text": text, "voice": voice, "language": language, "model": "tts-1"})

    def clone_voice(self, sample_audio: str, text: str) -> MediaTask:
        """Speak ``text`` in the voice of a sample."""
        return self.process({"text": text, "audio_input": sample_audio, "model": "voice-clone"})

    def _get_supported_formats(self) -> list[str]:
        return ["mp3", "wav", "ogg", "flac", "aac", "m4a"]

    def _get_features(self) -> list[str]:
        return [
            "text-to-speech",
            "voice-cloning",
            "multi-language",
            "emotion-control",
            "speed-control",
            "pitch-adjustment",
            "voice-effects",
            "background-music",
        ]
