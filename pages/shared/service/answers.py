"""What all routes of ours have: the words of a request and the status of an answer."""

from __future__ import annotations

from starlette.requests import Request

from posecore.language import DEFAULT, LANGUAGES

GONE, REFUSED = 410, 422  # the visit is over; no, and the answer says why


def language_of(request: Request) -> str:
    """The language that the page asks for by `lang`."""
    asked = request.query_params.get("lang", DEFAULT)
    return asked if asked in LANGUAGES else DEFAULT
