"""Whether live pictures would find a way to this server, before anybody presses Start: POST /reach.

A browser's offer is answered as streamlit-webrtc would, so that the browser sees whether it connects. Nothing is sent,
and the connection ends by itself.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pages.shared.service.answers import BUSY, GONE, REFUSED, body_of
from posecore.serving.log import log

if TYPE_CHECKING:
    from aiortc import RTCPeerConnection

PATH = "/reach"
_MOST = 8  # connections at once, for each has a socket in each network
_OPEN_S = 4.0  # longer than a browser tries
_MOST_BYTES = 20_000

_open: set[asyncio.Task[None]] = set()


async def _answer(request: Request) -> Response:
    if len(_open) >= _MOST:
        return JSONResponse({}, BUSY)
    try:
        offer = json.loads(await body_of(request, _MOST_BYTES))
        here = request.client.host if request.client else ""
        return JSONResponse({"type": "answer", "sdp": await _answered(only_at(here, offer["sdp"]))})
    except ClientDisconnect:
        return JSONResponse({}, GONE)
    except Exception as error:  # noqa: BLE001  (a stranger's offer may break anything in aiortc)
        log.info("no such offer", error=type(error).__name__)
        return JSONResponse({}, REFUSED)


def only_at(host: str, offer: str) -> str:
    """An offer with the address of who makes it, where nothing listens, and no other: a stranger could name anybody's,
    and the server would knock there. The browser knocks here, which is all that is asked."""
    lines = [line for line in offer.splitlines() if not line.startswith(("a=candidate", "a=end-of-candidates"))]
    return "".join(f"{line}\r\n" for line in [*lines, f"a=candidate:1 1 udp 1 {host} 9 typ host"])


async def _answered(offer: str) -> str:
    # Half a second, which pages spend once somebody opens the webcam; the server begins without.
    from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    task = asyncio.create_task(_close_later(connection))
    _open.add(task)
    task.add_done_callback(_open.discard)
    await connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
    await connection.setLocalDescription(await connection.createAnswer())
    return str(connection.localDescription.sdp)


async def _close_later(connection: RTCPeerConnection) -> None:
    try:
        await asyncio.sleep(_OPEN_S)
    finally:
        await connection.close()


def reach_routes() -> list[Route]:
    """The same for everybody."""
    return [Route(PATH, _answer, methods=["POST"])]
