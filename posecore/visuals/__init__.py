"""Poses and numbers to pictures, charts and pages to print.

Measures nothing itself.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
