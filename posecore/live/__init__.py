"""One live stream: who is followed in it, the last minute, a recording, the count; and how many streams there may be.

Knows nothing about where frames come from and where they go.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
