"""Movements that somebody taught by example: recognised in clips and streams, counted, kept in a file."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
