"""Speech is understood: an offline recogniser writes down what each voice says."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from recogniser import SENTENCES, Recogniser, distance

from media_factory import MediaFactoryRegistry, wait_all

FLOORS = {"neural": 0.80, "kal": 0.75, "narrator": 0.65, "alto": 0.64, "bass": 0.63, "treble": 0.60}
"""Share of words that must be understood, a little below what was measured."""

OTHERS = {
    "espeak-ng": ["espeak-ng", "-w", "{file}", "{text}"],
    "flite kal16": ["flite", "-voice", "kal16", "-o", "{file}", "-t", "{text}"],
}


NOISE = 0.02
"""By how much the recogniser's judgement of one sound wanders: three words of 159."""


@pytest.fixture(scope="module")
def recogniser() -> Iterator[Recogniser]:
    with Recogniser() as recogniser:
        yield recogniser


@pytest.fixture(scope="module")
def understood(recogniser: Recogniser) -> Callable[[str], float]:
    """The share of words that is understood of a voice of the sandbox."""

    @cache
    def measure(voice: str) -> float:
        workflow = MediaFactoryRegistry({"protocol": "sandbox"}).get_workflow("voice")
        tasks = [workflow.text_to_speech(text, voice=voice) for text in SENTENCES]
        wait_all(tasks, 120, raise_on_error=True)
        return recogniser.accuracy([task.outputs[0].read() for task in tasks])

    return measure


@pytest.mark.parametrize("voice", FLOORS)
def test_each_voice_is_understood(
    voice: str, understood: Callable[[str], float], accuracies: dict[str, float]
) -> None:
    accuracies[f"sandbox: {voice}"] = understood(voice)
    assert understood(voice) >= FLOORS[voice]


@pytest.mark.parametrize("name", OTHERS)
def test_the_default_voice_is_as_clear_as_other_synthesisers(
    name: str,
    recogniser: Recogniser,
    understood: Callable[[str], float],
    accuracies: dict[str, float],
    tmp_path: Path,
) -> None:
    files = []
    for text in SENTENCES:
        file = tmp_path / "speech.wav"
        command = [word.format(file=file, text=text) for word in OTHERS[name]]
        subprocess.run(command, check=True, timeout=60)
        files.append(file.read_bytes())
    accuracies[name] = recogniser.accuracy(files)
    assert understood("kal") >= accuracies[name] - NOISE


def test_the_measure_counts_every_kind_of_error() -> None:
    spoken = ["glue", "the", "sheet"]
    assert distance(spoken, spoken) == 0
    assert distance(spoken, ["glue", "a", "sheet"]) == 1
    assert distance(spoken, ["the", "sheet"]) == 1
    assert distance(spoken, ["glue", "the", "white", "sheet"]) == 1
    assert distance(spoken, []) == 3
