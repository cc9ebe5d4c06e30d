"""Work in processes of its own: fairly shared, watched, and shut off from the network."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
