"""An offline recogniser, and how many words it gets right."""

from __future__ import annotations

import io
import os
import re
import wave
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from pocketsphinx import Decoder

RATE = 16_000
"""Samples per second that the recogniser's model was trained with."""

SENTENCES = Path(__file__).with_name("sentences.txt").read_text("utf-8").splitlines()
"""Twenty sentences of the Harvard list (IEEE 1969, public)."""


def samples(file: bytes) -> bytes:
    """The sound of a WAV file with 16-bit samples, at the rate of the model."""
    with wave.open(io.BytesIO(file)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
        rate = sound.getframerate()
        wave_form = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
    if rate != RATE:
        # Cutting the spectrum, or padding it with nothing, is the change of rate.
        count = len(wave_form) * RATE // rate
        changed = np.fft.irfft(np.fft.rfft(wave_form), count) * (count / len(wave_form))
        wave_form = np.clip(changed, -32_768, 32_767).astype("<i2")
    return wave_form.tobytes()


def words(file: bytes) -> list[str]:
    """What is heard in a WAV file."""
    # One that has heard something already hears the next thing in another way.
    decoder = Decoder(samprate=RATE, loglevel="FATAL")
    decoder.start_utt()
    decoder.process_raw(samples(file), full_utt=True)
    decoder.end_utt()
    heard = decoder.hyp()
    return heard.hypstr.split() if heard else []


class Recogniser:
    """Listens on each core: hearing takes longer than speaking."""

    def __init__(self) -> None:
        # Not forked: this process has the threads of the sandbox.
        self._listeners = ProcessPoolExecutor(os.cpu_count(), get_context("spawn"))

    def __enter__(self) -> Recogniser:
        return self

    def __exit__(self, *_: object) -> None:
        self._listeners.shutdown()

    def accuracy(self, files: Sequence[bytes]) -> float:
        """1 less the word error rate over files that say `SENTENCES`."""
        errors = count = 0
        for sentence, heard in zip(SENTENCES, self._listeners.map(words, files), strict=True):
            spoken = re.sub("[^a-z' ]", "", sentence.lower()).split()
            errors += distance(spoken, heard)
            count += len(spoken)
        return 1 - errors / count


def distance(spoken: Sequence[str], heard: Sequence[str]) -> int:
    """Fewest words to put in, take away or exchange."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(spoken, 1):
        last, row[0] = row[:], i
        for j, other in enumerate(heard, 1):
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (word != other))
    return row[-1]
