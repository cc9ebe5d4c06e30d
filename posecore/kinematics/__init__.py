"""Poses to numbers: angles, motion, lengths, how far a landmark is to be trusted, and sequences made fit to measure.

Knows nothing about where poses come from, about exercises and about pictures.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
