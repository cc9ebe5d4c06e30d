"""Files of pictures and clips: read, written and kept within limits, safely with those of strangers.

Knows nothing about people in them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
