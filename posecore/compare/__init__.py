"""A movement beside another: aligned in time, joint by joint, with what differs named."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
