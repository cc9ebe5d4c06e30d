"""Movement to repetitions, faults and points; exercises are files, see `library/`.

Knows nothing about clips and streams: everything comes frame by frame.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
