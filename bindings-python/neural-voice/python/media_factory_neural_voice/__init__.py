"""The neural voice of Media Factory: a small network, and the engine that runs it.

``pip install "media-factory[neural-voice]"`` brings it, and ``media_factory`` imports it when the
first task asks for ``voice: "neural"``. There is no need to import it yourself.
"""

from media_factory_neural_voice._network import NeuralVoice, __version__

__all__ = ["NeuralVoice", "__version__"]
