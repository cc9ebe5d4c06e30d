"""Who may stream, and how fast."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from posecore import decode_image
from posecore.live import admission
from posecore.live.admission import LEAST_RATE, MOST_RATE, STALLED_S, Gate, measured_capacity
from tests.support.paths import SAMPLES


class Clock:
    """Time that passes when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(admission.time, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_no_more_than_there_is_room_for_and_a_place_is_given_on() -> None:
    gate = Gate(2)
    first, second = gate.enter(), gate.enter()
    assert first
    assert second
    assert gate.enter() is None
    first.leave()
    first.leave()
    assert gate.streams == 1
    assert gate.enter()
    assert gate.enter() is None


def test_a_stream_that_stalls_frees_its_place(clock: Clock) -> None:
    gate = Gate(1)
    ticket = gate.enter()
    assert ticket
    clock.now += STALLED_S * 0.9
    ticket.use()
    clock.now += STALLED_S * 0.9
    assert gate.enter() is None
    clock.now += STALLED_S * 0.2
    assert gate.enter()


def test_a_busy_machine_slows_all_down_and_a_free_one_lets_them_go(clock: Clock) -> None:
    gate = Gate(4)
    tickets = [gate.enter() for _ in range(4)]

    def frames(count: int, seconds: float, behind: float = 0.0) -> None:
        for i in range(count):
            clock.now += 0.05
            ticket = tickets[i % 4]
            assert ticket
            ticket.answered(seconds, behind)

    frames(40, 0.02)
    assert gate.rate == MOST_RATE
    frames(200, 0.08)
    assert gate.rate == LEAST_RATE
    frames(1200, 0.02)
    assert gate.rate == MOST_RATE
    frames(200, 0.02, behind=1.0)
    assert gate.rate == LEAST_RATE


def test_frames_that_vary_do_not_keep_a_stream_slow_that_is_never_behind(clock: Clock) -> None:
    gate = Gate(1)
    ticket = gate.enter()
    assert ticket
    for _ in range(40):  # something else was busy for a while
        clock.now += 0.1
        ticket.answered(0.02, 1.0)
    assert gate.rate == LEAST_RATE
    for _ in range(200):
        clock.now += 0.1
        ticket.answered(0.02, 0.0)
        ticket.answered(0.055, 0.01)
    assert gate.rate > 20


def test_the_capacity_of_this_machine_is_measured() -> None:
    person = decode_image((SAMPLES / "balance.jpg").read_bytes())
    picture = cv2.resize(person, (320, 240), interpolation=cv2.INTER_AREA).astype(np.uint8)
    assert 1 <= measured_capacity(picture, 4) <= 500
