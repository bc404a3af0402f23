"""Speech is understood: an offline recogniser writes down what each voice says."""

from __future__ import annotations

import shutil
import subprocess
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


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser()


@pytest.mark.parametrize("voice", FLOORS)
def test_each_voice_is_understood(
    voice: str, recogniser: Recogniser, accuracies: dict[str, float]
) -> None:
    workflow = MediaFactoryRegistry({"protocol": "sandbox"}).get_workflow("voice")
    tasks = [workflow.text_to_speech(text, voice=voice) for text in SENTENCES]
    wait_all(tasks, 120, raise_on_error=True)
    accuracy = recogniser.accuracy([task.outputs[0].read() for task in tasks])
    accuracies[f"sandbox: {voice}"] = accuracy
    assert accuracy >= FLOORS[voice]


@pytest.mark.parametrize("name", [name for name in OTHERS if shutil.which(OTHERS[name][0])])
def test_other_synthesisers_are_measured_alike(
    name: str, recogniser: Recogniser, accuracies: dict[str, float], tmp_path: Path
) -> None:
    files = []
    for text in SENTENCES:
        file = tmp_path / "speech.wav"
        command = [word.format(file=file, text=text) for word in OTHERS[name]]
        subprocess.run(command, check=True, timeout=60)
        files.append(file.read_bytes())
    accuracies[name] = recogniser.accuracy(files)
    assert accuracies[name] > 0


def test_the_measure_counts_every_kind_of_error() -> None:
    spoken = ["glue", "the", "sheet"]
    assert distance(spoken, spoken) == 0
    assert distance(spoken, ["glue", "a", "sheet"]) == 1
    assert distance(spoken, ["the", "sheet"]) == 1
    assert distance(spoken, ["glue", "the", "white", "sheet"]) == 1
    assert distance(spoken, []) == 3
