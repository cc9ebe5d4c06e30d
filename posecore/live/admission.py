"""How many live streams a machine serves, and how fast each of them.

Too many streams do not get slower pictures but older ones, without end, so their number is limited before it happens,
and all of them are slowed down alike when the machine gets busy.
"""

from __future__ import annotations

import os
import threading
import time
from fractions import Fraction

import av

from posecore.live.session import LiveSession, LiveSettings
from posecore.media.picture_files import Frame

LEAST_RATE = 8.0  # processed frames a second that every stream gets
MOST_RATE = 60.0
STALLED_S = 10.0  # without a frame, after which a stream's place is free
# Measured with `benchmarks.webcam`: what packets, encryption and changing threads add to an answered frame, as a part
# of what its tracking, encoding and drawing cost; and what a frame costs that is received and thrown away.
_AROUND, _RECEIVED = 0.8, 0.25
_ARRIVING = 30.0  # frames a second that a browser sends
_USABLE = 0.85  # of the cores
_EASY, _BUSY = 1.6, 2.5  # how much longer frames take than the quickest of their stream lately
_EVERY_S = 0.5  # between changes of the rate
_SLOWER, _FASTER, _TRYING = 0.8, 1.1, 1.03
_WEIGHT = 0.1  # of a new frame in the running mean
_FORGETS = 1.002  # a frame; so a heavier model is taken for an overload for a short while only


class Gate:
    """Lets in as many streams as can be served, and tells them how fast they may go; for any thread.

    Args:
        most: how many streams at once.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._tickets: set[Ticket] = set()
        self._rate = MOST_RATE
        self._stretch = 1.0
        self._changed = time.monotonic()

    @property
    def streams(self) -> int:
        """How many are inside."""
        with self._lock:
            self._forget_stalled()
            return len(self._tickets)

    @property
    def rate(self) -> float:
        """Frames a second that each stream may have processed."""
        with self._lock:
            return self._rate

    def enter(self) -> Ticket | None:
        """A place for a stream, or None if all are taken."""
        with self._lock:
            self._forget_stalled()
            if len(self._tickets) >= self.most:
                return None
            ticket = Ticket(self)
            self._tickets.add(ticket)
            return ticket

    def leave(self, ticket: Ticket) -> None:
        """Give a place back; may be called again."""
        with self._lock:
            self._tickets.discard(ticket)

    def note(self, stretch: float, behind_s: float) -> None:
        """A stream says how much longer a frame took than its quickest one, and how far behind the camera it is."""
        with self._lock:
            self._stretch += _WEIGHT * (min(stretch, 10.0) - self._stretch)
            now = time.monotonic()
            if now - self._changed < _EVERY_S:
                return
            self._changed = now
            if self._stretch > _BUSY or behind_s > _EVERY_S / 2:
                self._rate = max(LEAST_RATE, min(self._rate, _ARRIVING) * _SLOWER)
            elif self._stretch < _EASY:
                self._rate = min(MOST_RATE, self._rate * _FASTER)
            else:  # frames vary beside other work too
                self._rate = min(MOST_RATE, self._rate * _TRYING)

    def _forget_stalled(self) -> None:
        limit = time.monotonic() - STALLED_S
        self._tickets = {ticket for ticket in self._tickets if ticket.used > limit}


class Ticket:
    """A stream's place; good as long as it is used."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.used = time.monotonic()
        self._quickest = float("inf")

    def use(self) -> None:
        """A frame has come."""
        self.used = time.monotonic()

    def answered(self, seconds: float, behind_s: float) -> None:
        """A frame was processed in so many seconds; the newest is so many seconds behind the camera."""
        self._quickest = min(seconds, self._quickest * _FORGETS)
        self.gate.note(seconds / self._quickest, behind_s)

    def leave(self) -> None:
        """Give the place back."""
        self.gate.leave(self)


def measured_capacity(picture: Frame, frames: int = 12) -> int:
    """How many streams this machine serves with at least `LEAST_RATE` frames a second each; takes about half a second.

    Args:
        picture: of a person, of the size that streams have, (H, W, 3) uint8 RGB.
    """
    return streams_served(seconds_a_frame(picture, frames))


def streams_served(seconds: float) -> int:
    """How many streams all cores serve where a frame takes one core so many seconds; at least one."""
    stream = seconds * (LEAST_RATE * (1 + _AROUND) + _ARRIVING * _RECEIVED)
    return max(1, int(_USABLE * (os.cpu_count() or 1) / stream))


def seconds_a_frame(picture: Frame, frames: int, settings: LiveSettings | None = None) -> float:
    """What following, drawing and encoding a frame takes; the quickest, for other work may disturb the others."""
    height, width = picture.shape[:2]
    encoder = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base = Fraction(1, 30)
    encoder.options = {"deadline": "realtime", "cpu-used": "-6", "lag-in-frames": "0"}
    costs: list[float] = []
    with LiveSession(settings or LiveSettings()) as session:
        for number in range(frames):
            began = time.perf_counter()
            answer = av.VideoFrame.from_ndarray(session.process(picture, number / 30), format="rgb24")
            answer = answer.reformat(format="yuv420p")
            answer.pts, answer.time_base = number, encoder.time_base
            encoder.encode(answer)
            costs.append(time.perf_counter() - began)
    return min(costs)
