"""The neural voice: a package of its own that is looked for when it is asked for."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
import time
import wave

import numpy as np
import pytest

from media_factory import MediaFactoryRegistry, MediaTask, TaskFailed, __version__
from media_factory_neural_voice import NeuralVoice

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


def test_it_is_listed_where_it_is_installed(
    sandbox: MediaFactoryRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["kal", "narrator", "bass", "alto", "treble"]
    voice = sandbox.get_workflow("voice")
    assert [entry["name"] for entry in voice.list_voices()] == [*names, "neural"]
    with monkeypatch.context() as patch:
        patch.setattr("importlib.metadata.version", lambda _name: "0.0.1")
        assert [entry["name"] for entry in voice.list_voices()] == names
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert [entry["name"] for entry in voice.list_voices()] == names


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


SPEAK = """
import sys
from media_factory import MediaFactoryRegistry, TaskFailed

def speak(text, voice="neural"):
    workflow = MediaFactoryRegistry({"protocol": "sandbox"}).get_workflow("voice")
    return workflow.text_to_speech(text, voice=voice)

def refusal():
    try:
        speak("Yes.").wait(60)
    except TaskFailed as failure:
        return f"{failure.code} {failure}"
"""

WITHOUT = """
sys.modules["media_factory_neural_voice"] = None
print(refusal())
print(speak("Yes.", "alto").wait(60).status)
"""

OF_ANOTHER_VERSION = """
import media_factory_neural_voice
media_factory_neural_voice.__version__ = "0.0.9"
print(refusal())
"""

BROKEN = """
import media_factory_neural_voice
del media_factory_neural_voice.NeuralVoice
print(refusal())
"""

ON_DEMAND = """
speak("Yes.", "alto").wait(60)
print("media_factory_neural_voice" in sys.modules)
speak("Yes.").wait(60)
print("media_factory_neural_voice" in sys.modules)
"""

IN_CHILDREN = """
import os, time, warnings
warnings.simplefilter("ignore", DeprecationWarning)
long = speak("Four hours of steady work faced us. " * 8)
for pause in (0, 0.2, 0.4, 0.1):
    time.sleep(pause)
    child = os.fork()
    if child == 0:
        os._exit(0 if speak("No.").wait(60).outputs[0].duration > 0.2 else 1)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(long.wait(60).outputs[0].duration > 8)
"""


def run(code: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SPEAK + code], capture_output=True, text=True, timeout=90, check=True
    )
    return done.stdout.splitlines()


def test_without_the_extra_the_task_says_what_to_install() -> None:
    failed, other = run(WITHOUT)
    assert failed.startswith("unsupported ")
    assert 'pip install "media-factory[neural-voice]"' in failed
    assert other == "completed"


def test_a_package_of_another_version_is_refused() -> None:
    (failed,) = run(OF_ANOTHER_VERSION)
    assert failed.startswith("unsupported ")
    assert f'pip install "media-factory[neural-voice]=={__version__}"' in failed


def test_a_package_that_is_broken_says_what_is_wrong() -> None:
    (failed,) = run(BROKEN)
    assert "AttributeError" in failed
    assert "NeuralVoice" in failed


def test_the_package_is_imported_when_it_is_asked_for() -> None:
    assert run(ON_DEMAND) == ["False", "True"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_it_speaks_in_forked_children_and_goes_on_in_the_parent() -> None:
    assert run(IN_CHILDREN) == ["0", "0", "0", "0", "True"]


def test_the_package_gives_samples() -> None:
    sound = NeuralVoice().say("həlˈO ðˈɛɹ.", 1.0, 1.0, 1.0)
    samples = np.frombuffer(sound, "<f4")
    assert 0.5 < len(samples) / 24_000 < 2
    assert 0.02 < samples.std() < 0.5
    assert abs(samples).max() < 1.5


def test_the_package_lets_other_threads_run() -> None:
    voice = NeuralVoice()
    speaking = threading.Thread(target=voice.say, args=("həlˈO ðˈɛɹ. " * 40, 1.0, 1.0, 1.0))
    speaking.start()
    turns = 0
    while speaking.is_alive():
        time.sleep(0.001)
        turns += 1
    assert turns > 20


@pytest.mark.parametrize(
    ("wishes", "complaint"),
    [
        (("həlˈO", 0.0, 1.0, 1.0), "speed"),
        (("həlˈO", 1.0, float("nan"), 1.0), "pitch"),
        (("həlˈO", 1.0, 1.0, -1.0), "liveliness"),
        (("həlˈO" * 1_000, 1.0, 1.0, 1.0), "4000 letters"),
    ],
)
def test_the_package_refuses_what_would_take_all_memory(
    wishes: tuple[str, float, float, float], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        NeuralVoice().say(*wishes)
