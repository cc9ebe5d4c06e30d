"""What all routes of ours have: the words of a request, what it brings, and the status of an answer."""

from __future__ import annotations

from starlette.requests import Request

from posecore.language import DEFAULT, LANGUAGES

GONE, REFUSED, BUSY = 410, 422, 503  # the visit is over; no, and the answer says why; not now


def language_of(request: Request) -> str:
    """The language that the page asks for by `lang`."""
    asked = request.query_params.get("lang", DEFAULT)
    return asked if asked in LANGUAGES else DEFAULT


async def body_of(request: Request, most: int) -> bytes:
    """What a request brings, in memory.

    Raises:
        ValueError: it is more than so many bytes.
    """
    taken = bytearray()
    async for part in request.stream():
        taken += part
        if len(taken) > most:
            raise ValueError(most)
    return bytes(taken)
