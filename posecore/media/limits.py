"""How large files may be: pictures and clips from strangers, so that memory and time stay bounded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PictureLimits:
    """What is accepted, so that memory stays under a gigabyte.

    A baseline JPEG may have more pixels, since it can be decoded at a reduced size; a progressive JPEG and a WebP
    fewer, since their decoders keep the picture several times over.
    """

    megabytes: int = 40
    megapixels: int = 50
    jpeg_megapixels: int = 200
    costly_megapixels: int = 25
    smallest_side: int = 16
    largest_side: int = 20_000


PICTURE_LIMITS = PictureLimits()


@dataclass(frozen=True)
class ClipLimits:
    """What is accepted."""

    megabytes: int = 500
    minutes: int = 30
    largest_side: int = 4096
    least_side: int = 16


CLIP_LIMITS = ClipLimits()
