"""The commands: python -m posecore. A module a command; what it finds and writes is the other packages' work."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
