"""Packets of landmarks: what browsers send, as it is meant, and what nobody should send."""

from __future__ import annotations

import numpy as np
import pytest

from posecore import ANGLES, joint_angles
from posecore.errors import MediaError
from posecore.live.packets import MOST_ROWS, row_bytes, rows_in
from posecore.live.session import LiveSession
from posecore.pose import FloatArray

SIZE = (640, 480)


def rows(count: int, people: int = 1) -> FloatArray:
    """Moments a tenth of a second apart; landmark i of person p at (100 p + i, 2 i)."""
    values = np.zeros((count, 1 + people * 33 * 8), np.float32)
    values[:, 0] = np.arange(count) / 10
    points = values[:, 1:].reshape(count, people, 33, 8)
    points[..., 0] = np.arange(33) + 100 * np.arange(people)[:, None]
    points[..., 1] = 2 * np.arange(33)
    points[..., 2:5] = 7, 0.75, 0.5
    points[..., 5:] = 0.1, 0.2, 0.3
    return values


def test_a_row_is_a_moment_and_everybody() -> None:
    values = rows(3, 2)
    values[1, 1 + 33 * 8 :] = np.nan
    found = rows_in(values.tobytes(), 2, SIZE, 4)
    assert found.time == pytest.approx([4, 4.1, 4.2])
    assert found.size == SIZE
    assert found.xy[0, 1, 5].tolist() == [105, 10]
    assert (found.z[0] == 7).all()
    assert (found.visibility[0] == 0.75).all()
    assert (found.presence[0] == 0.5).all()
    assert found.world[0, 0, 0] == pytest.approx([0.1, 0.2, 0.3])
    assert found.present[1].tolist() == [True, False]
    assert len(rows_in(b"", 1, SIZE).time) == 0


@pytest.mark.parametrize(
    ("packet", "people", "size"),
    [
        (b"x" * 7, 1, SIZE),
        (rows(2).tobytes(), 2, SIZE),
        (rows(1).tobytes(), 0, SIZE),
        (rows(1, 5).tobytes(), 5, SIZE),
        (rows(1).tobytes(), 1, (0, 480)),
        (rows(1).tobytes(), 1, (640, 10**6)),
        (np.full((1, 1 + 33 * 8), np.nan, np.float32).tobytes(), 1, SIZE),
        (rows(2)[::-1].tobytes(), 1, SIZE),
        (bytes((MOST_ROWS + 1) * row_bytes(1)), 1, SIZE),
    ],
)
def test_anything_else_is_refused(packet: bytes, people: int, size: tuple[int, int]) -> None:
    with pytest.raises(MediaError):
        rows_in(packet, people, size)


def test_numbers_that_cannot_be_are_nobody() -> None:
    values = rows(2)
    values[0, 1] = np.inf
    values[1, 1] = 1e9
    assert np.isnan(rows_in(values.tobytes(), 1, SIZE).xy).all()


def test_what_was_found_elsewhere_is_measured_and_recorded_as_here() -> None:
    values = rows(4)
    values[3, 1:] = np.nan
    found = rows_in(values.tobytes(), 1, SIZE, 10)
    with LiveSession() as session:
        session.start_recording()
        session.take(found.part(0, 3), 128, 30)
        session.take(found.part(3, 4), 128, 30)
        now, recorded = session.snapshot(), session.stop_recording()
    assert now.time == pytest.approx([0, 0.1, 0.2, 0.3])
    assert now.angles.shape == (4, len(ANGLES))
    assert now.angles[0] == pytest.approx(joint_angles(found.xy[0, 0]), nan_ok=True)
    assert (now.frames_processed, now.milliseconds) == (4, 30)
    assert recorded is not None
    assert recorded.present[:, 0].tolist() == [True, True, True, False]
