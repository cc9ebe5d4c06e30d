"""A visitor's stream whose pictures stay in their browser: landmarks come here, several frames at once.

POST /landmarks/<secret> takes a packet, see `posecore.live.packets`, and answers with what the browser shows at once:
counts, advice, the recording, in how many seconds the next packet is wanted, and how
many rows a second.
"""

from __future__ import annotations

import math
import threading
import time

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pages.shared.live_words import count_words, follow_words, label_words, own_range, remark_words, score_words
from pages.shared.service.answers import GONE, REFUSED, body_of, language_of
from posecore.errors import PoseError
from posecore.live.admission import STALLED_S
from posecore.live.following import Followed
from posecore.live.history import FASTEST
from posecore.live.packets import MOST_ROWS, row_bytes, rows_in
from posecore.live.session import LiveSession, LiveSettings
from posecore.live.stream_counting import LiveCount
from posecore.serving.metrics import FRAMES

PATH = "/landmarks"
_SOON_S, _LATER_S = 0.25, 1.0  # between packets, for few streams and for many
_FEW = 20
_ROWS_S = 800  # that all streams together may send: counting takes half a core at that


class LandmarkStream:
    """One visit's stream; any thread may use it, and nothing runs in it, so nothing is left when it is dropped."""

    def __init__(self, settings: LiveSettings) -> None:
        self.session = LiveSession(settings)
        self._lock = threading.Lock()
        self._newest = -1  # number of the packet that was taken last
        self._began, self._used = time.monotonic(), -STALLED_S
        self._closed = False

    @property
    def over(self) -> bool:
        """Whether it has ended, or nothing has come for long."""
        return self._closed

    @property
    def used(self) -> bool:
        """Whether a packet has come."""
        return self._newest >= 0

    @property
    def live(self) -> bool:
        """Whether packets come."""
        return not self._closed and time.monotonic() - self._used < STALLED_S

    @property
    def seconds(self) -> float:
        """How long it has been there."""
        return time.monotonic() - self._began

    def close(self) -> None:
        """Take nothing more."""
        self._closed = True
        self.session.close()

    def take(self, packet: bytes, about: _About) -> None:
        """What was found in the frames of a packet; one that came before is left out.

        Raises:
            MediaError: it is no such packet.
        """
        found = rows_in(packet, about.people, about.size, about.at)
        with self._lock:
            self._used = time.monotonic()
            if about.number <= self._newest:
                return
            self._newest = about.number
            self.session.take(found, about.brightness, about.milliseconds)
        FRAMES.labels("live").inc(len(found.time))


class _About:
    """What a packet says of itself in its address."""

    def __init__(self, request: Request) -> None:
        def number(name: str) -> float:
            value = float(request.query_params.get(name, "nan"))
            if not math.isfinite(value):
                raise ValueError(name)
            return value

        self.number, self.people = int(number("number")), int(number("people"))
        self.size = int(number("width")), int(number("height"))
        self.at, self.brightness, self.milliseconds = number("at"), number("brightness"), number("ms")


class LandmarkStreams:
    """Those of all visits, each by its secret."""

    def __init__(self) -> None:
        self._streams: dict[str, LandmarkStream] = {}
        self._lock = threading.Lock()

    def open(self, secret: str, settings: LiveSettings) -> LandmarkStream:
        """A new stream in the place of the visit's last."""
        stream = LandmarkStream(settings)
        with self._lock:
            self._streams[secret] = stream
        return stream

    def find(self, secret: str) -> LandmarkStream | None:
        """None where there is none."""
        with self._lock:
            return self._streams.get(secret)

    def close(self, secret: str) -> None:
        """The visit is over."""
        with self._lock:
            stream = self._streams.pop(secret, None)
        if stream:
            stream.close()

    @property
    def live(self) -> int:
        """How many there are from which packets come."""
        with self._lock:
            return sum(stream.live for stream in self._streams.values())


STREAMS = LandmarkStreams()


async def _take(request: Request) -> Response:
    stream = STREAMS.find(request.path_params["secret"])
    if stream is None or stream.over:
        return JSONResponse({}, GONE)
    try:
        about = _About(request)
        packet = await body_of(request, MOST_ROWS * row_bytes(about.people))
        await run_in_threadpool(stream.take, packet, about)
    except (ValueError, OverflowError, PoseError):
        return JSONResponse({}, REFUSED)
    except ClientDisconnect:
        return JSONResponse({}, GONE)
    return JSONResponse(_answer(stream.session, language_of(request)))


def _answer(session: LiveSession, language: str) -> dict[str, object]:
    now, streams = session.snapshot(), STREAMS.live
    return {
        "every": _SOON_S if streams <= _FEW else _LATER_S,
        "rate": min(FASTEST, _ROWS_S / max(1, streams)),
        "counted": [_count(one, language) for one in now.counted],
        "advice": now.advice or "none",
        "recorded": None if now.recorded_s is None else round(now.recorded_s),
        "full": now.recording_full,
        "followed": now.followed and _followed(now.followed, language),
        "labelled": now.labelled and label_words(now.labelled, language)._asdict(),
    }


def _followed(one: Followed, language: str) -> dict[str, object]:
    """For the ghost, seconds of the stream's own time; and what is said of it."""
    return {"now": one.now_s, "began": one.began_s, "words": follow_words(one, language)._asdict()}


def _count(one: LiveCount, language: str) -> dict[str, object]:
    range_ = own_range(one, language)
    return {
        "number": one.count,
        "count": count_words(one, language),
        "score": score_words(one),
        "remark": remark_words(one, language),
        "range": range_ and range_._asdict(),
    }


def landmark_routes() -> list[Route]:
    """Of all visits."""
    return [Route(f"{PATH}/{{secret}}", _take, methods=["POST"])]
