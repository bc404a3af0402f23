"""The neural voice: an extra that is looked for when it is asked for."""

from __future__ import annotations

import io
import subprocess
import sys
import wave

import numpy as np
import pytest

from media_factory import MediaFactoryRegistry, MediaTask, TaskFailed

TEXT = "Four hours of steady work faced us. A pot of tea helps to pass the evening."


def speech(sandbox: MediaFactoryRegistry, **wishes: object) -> MediaTask:
    voice = sandbox.get_workflow("voice")
    return voice.process({"text": TEXT, "voice": "neural", **wishes}).wait(120)


def wave_form(task: MediaTask) -> np.ndarray:
    with wave.open(io.BytesIO(task.outputs[0].read())) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (16_000, 1, 2)
        return np.frombuffer(sound.readframes(sound.getnframes()), "<i2").astype(float)


def pitch(samples: np.ndarray) -> float:
    """The middle of the pitches of all loud stretches of 64 ms, in hertz."""
    found = []
    for start in range(0, len(samples) - 1024, 512):
        part = samples[start : start + 1024]
        part = part - part.mean()
        if part.std() < 800:
            continue
        likeness = np.fft.irfft(abs(np.fft.rfft(part, 2048)) ** 2)[:1024]
        period = 32 + int(likeness[32:200].argmax())
        if likeness[period] > 0.5 * likeness[0]:
            found.append(16_000 / period)
    assert len(found) > 10
    return float(np.median(found))


def test_it_speaks_and_says_what_it_is(sandbox: MediaFactoryRegistry) -> None:
    task = speech(sandbox)
    samples = wave_form(task)
    assert task.outputs[0].duration == pytest.approx(len(samples) / 16_000)
    assert 3 < len(samples) / 16_000 < 8
    assert samples.std() > 300
    assert any("neural network" in note for note in task.metadata["notes"])
    assert speech(sandbox, format="ogg").outputs[0].mime_type == "audio/ogg"


def test_it_takes_speed_pitch_and_emotion(sandbox: MediaFactoryRegistry) -> None:
    plain = wave_form(speech(sandbox))
    fast = wave_form(speech(sandbox, speed=1.5))
    assert len(fast) / len(plain) == pytest.approx(1 / 1.5, abs=0.1)
    low = wave_form(speech(sandbox, pitch=-6))
    assert len(low) == len(plain)
    assert pitch(low) / pitch(plain) == pytest.approx(2**-0.5, rel=0.08)
    sad = wave_form(speech(sandbox, emotion="sad"))
    assert len(sad) > 1.1 * len(plain)
    assert sad.std() < plain.std()


def test_it_imitates_nobody(sandbox: MediaFactoryRegistry) -> None:
    sample = speech(sandbox, voice="alto").outputs[0].read()
    with pytest.raises(TaskFailed) as failure:
        speech(sandbox, audio_input=sample)
    assert failure.value.code == "unsupported"


WITHOUT = """
import sys
sys.modules["hibari"] = None
from media_factory import MediaFactoryRegistry, TaskFailed
voice = MediaFactoryRegistry({"protocol": "sandbox"}).get_workflow("voice")
try:
    voice.text_to_speech("Yes.", voice="neural").wait(60)
except TaskFailed as failure:
    print(failure.code, failure)
print(voice.text_to_speech("Yes.", voice="alto").wait(60).status)
"""

WITH = """
import sys
from media_factory import MediaFactoryRegistry
voice = MediaFactoryRegistry({"protocol": "sandbox"}).get_workflow("voice")
voice.text_to_speech("Yes.", voice="neural").wait(60)
print(sorted({"hibari", "onnxruntime"} & set(sys.modules)))
"""

FORKED = (
    WITH
    + """
import os
child = os.fork()
if child == 0:
    voice = MediaFactoryRegistry({"protocol": "sandbox"}).get_workflow("voice")
    done = voice.text_to_speech("No.", voice="neural").wait(60)
    os._exit(0 if done.outputs[0].duration > 0.2 else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
)


def run(code: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=90, check=True
    )
    return done.stdout.splitlines()


def test_without_the_extra_the_task_says_what_to_install() -> None:
    failed, other = run(WITHOUT)
    assert failed.startswith("unsupported ")
    assert 'pip install "media-factory[neural-voice]"' in failed
    assert other == "completed"


def test_nothing_of_the_models_package_is_imported() -> None:
    assert run(WITH) == ["[]"]


def test_a_forked_child_loads_a_network_of_its_own() -> None:
    assert run(FORKED)[-1] == "0"
