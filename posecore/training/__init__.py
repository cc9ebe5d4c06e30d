"""Movements as examples for networks to learn from: windows of one length, at one rate, with what is known of them.

Knows nothing of networks.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
