"""Pictures to poses: the models, the engines that run them, and who is who from frame to frame.

The only place that knows an engine. Knows nothing about what poses mean.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
