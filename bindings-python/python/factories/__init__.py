"""The drop-in namespace: ``factories.media`` is Media Factory under the reference package's names.

Other folders named ``factories`` on the path join in, so that a ``factories.research`` of your own
stays importable.
"""

from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)

__version__ = "0.1.0"
"""Of the interface, not of the package: see ``media_factory.__version__``."""
