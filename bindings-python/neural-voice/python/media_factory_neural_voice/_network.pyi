"""The native half of the package."""

from typing import final

__all__ = ["NeuralVoice", "__version__"]

__version__: str

@final
class NeuralVoice:
    """The network, loaded from the model that lies in this package, in a tenth of a second.

    May be asked from several threads at once, and after ``os.fork()`` in the child.
    """

    def __new__(cls) -> NeuralVoice:
        """Load the model.

        Raises ``OSError`` where it is not in the package, and ``RuntimeError`` where it is another.
        """

    def say(self, phones: str, speed: float, pitch: float, liveliness: float) -> bytes:
        """Say the phones of one breath; other threads of Python run meanwhile.

        ``phones`` are letters of the International Phonetic Alphabet with capitals for diphthongs,
        ``ˈ`` before a stressed vowel, and punctuation: ``"həlˈO ðˈɛɹ."``. What the model does not
        know is left out. The factors are 1 for the voice's own manner: ``speed`` and ``pitch`` from
        0.1 to 10, ``liveliness``, the distance of the pitch from its mean, from 0 to 10.

        Gives samples, mostly within ±1, as little-endian 32-bit floats, 24,000 in a second.

        Raises ``ValueError`` for factors out of range and for more than 4,000 letters, and
        ``RuntimeError`` where the network fails.
        """
