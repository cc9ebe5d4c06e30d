"""Who is served, how often, and what is noted of it: what every request passes through."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections import OrderedDict
from contextlib import suppress

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from posecore.language import translate
from posecore.serving.log import log
from posecore.serving.metrics import SECONDS
from posecore.serving.problems import TOO_MANY, UNKNOWN, language_of, problem

OPEN = ("/health", "/openapi.json", "/")  # for those without a key
_MINUTE_S = 60.0
_HEARD_OUT_S = 5.0
_MOST_REMEMBERED = 10_000  # callers


class Key:
    """Only those who send `Authorization: Bearer KEY` are served."""

    def __init__(self, app: ASGIApp, key: str) -> None:
        self._app, self._wanted = app, f"Bearer {key}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope) if scope["type"] == "http" else None
        if request is None or scope["path"] in OPEN or self._is_known(request):
            await self._app(scope, receive, send)
            return
        answer = problem(request, UNKNOWN, translate(language_of(request), "errors.key_missing"))
        answer.headers["WWW-Authenticate"] = "Bearer"
        await answer(scope, receive, send)

    def _is_known(self, request: Request) -> bool:
        return hmac.compare_digest(request.headers.get("authorization", "").encode(), self._wanted)


class Rate:
    """So many requests a minute from one address; a bucket that fills steadily, full at first."""

    def __init__(self, app: ASGIApp, a_minute: int) -> None:
        self._app, self._most = app, a_minute
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # what is left, and when that was

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wait_s = self._wait_s(scope) if scope["type"] == "http" and scope["path"] not in OPEN else 0.0
        if not wait_s:
            await self._app(scope, receive, send)
            return
        request, seconds = Request(scope), max(1, round(wait_s))
        answer = problem(request, TOO_MANY, translate(language_of(request), "errors.too_often", seconds=seconds))
        answer.headers["Retry-After"] = str(seconds)
        await answer(scope, receive, send)

    def _wait_s(self, scope: Scope) -> float:
        address, now = (scope.get("client") or ("",))[0], time.monotonic()
        left, since = self._buckets.pop(address, (float(self._most), now))
        left = min(self._most, left + (now - since) * self._most / _MINUTE_S)
        self._buckets[address] = (left - (left >= 1), now)
        while len(self._buckets) > _MOST_REMEMBERED:
            self._buckets.popitem(last=False)
        return 0.0 if left >= 1 else (1 - left) * _MINUTE_S / self._most


class Noted:
    """A line in the log and a figure for each request: what was asked, how it ended, how long it took."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 0

        async def heard(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, heard)
        finally:
            seconds = time.monotonic() - began
            route = getattr(scope.get("route"), "path", "none")  # without the numbers of jobs
            SECONDS.labels(f"{scope['method']} {route}").observe(seconds)
            log.info("answered", method=scope["method"], route=route, status=status, seconds=round(seconds, 3))


class HeardOut:
    """Answers a caller who is still sending only once all is here, or a while later; what comes late is dropped. Who is
    cut off while sending does not read the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Who asks whether to begin (Expect: 100-continue) is told to by the first look at what they send.
        sending = scope["type"] == "http" and b"expect" not in dict(scope["headers"])

        async def received() -> Message:
            nonlocal sending
            message = await receive()
            sending = message.get("more_body", False)
            return message

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start":
                with suppress(TimeoutError):
                    async with asyncio.timeout(_HEARD_OUT_S):
                        while sending:
                            await received()
            await send(message)

        await self._app(scope, received, answered)
