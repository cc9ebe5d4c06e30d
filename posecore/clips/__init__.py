"""A whole clip on all cores: found, drawn, joined; the same bits for any number of workers.

Knows nothing about what is done with poses afterwards.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
