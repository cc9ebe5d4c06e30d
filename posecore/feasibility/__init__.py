"""Whether an idea runs on a cheap machine: what it can do, how well people are seen, what it costs."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
