"""A body that holds together: joints that turn, bones of one length, feet that stand; made of landmarks.

Knows nothing of files and of pages.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
