"""A reference that is followed by somebody who does it well, badly, or not at all: real movements throughout."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from posecore import PoseError, PoseSequence
from posecore.live import Reference
from posecore.live.following import GHOST_RATE, LEAD_S, LONGEST_S, PAUSE_S, Follower
from posecore.live.history import in_a_row
from posecore.pose import torso_lengths
from posecore.skeleton import INDEX
from tests.support.filmed_sequences import found_in

HIPS = [INDEX["left_hip"], INDEX["right_hip"]]


@pytest.fixture(scope="module")
def squat(media: Path) -> PoseSequence:
    """One of them, 2.8 s."""
    return found_in(media / "videos" / "pose_squats.mp4").part(3, 18)


@pytest.fixture(scope="module")
def reference(squat: PoseSequence) -> Reference:
    return Reference.of("squat", squat, 0)


def shown(follower: Follower, reference: Reference, sequence: PoseSequence, begins: float) -> None:
    """Rows one by one, as they come from a stream."""
    for row in range(len(sequence.time)):
        one = sequence.part(row, row + 1)
        follower.update(reference, replace(one, time=one.time - sequence.time[0] + begins))


def waiting(sequence: PoseSequence, seconds: float) -> PoseSequence:
    """The first row for so long."""
    first = sequence.part(0, 1)
    return in_a_row([replace(first, time=np.array([row / 5])) for row in range(round(seconds * 5))])


def test_who_does_it_at_the_moment_gets_nearly_all(squat: PoseSequence, reference: Reference) -> None:
    follower = Follower()
    shown(follower, reference, waiting(squat, LEAD_S), 0)
    shown(follower, reference, squat, LEAD_S)
    shown(follower, reference, waiting(squat, 2), LEAD_S + reference.duration + 0.2)
    followed = follower.followed
    assert followed and len(followed.rounds) == 1
    assert followed.rounds[0].score > 90


def test_who_stands_still_gets_little_and_reads_why(squat: PoseSequence, reference: Reference) -> None:
    follower = Follower()
    shown(follower, reference, waiting(squat, LEAD_S + 2 * reference.period + 2), 0)
    followed = follower.followed
    assert followed and len(followed.rounds) == 2
    assert all(one.score < 70 for one in followed.rounds)
    gravest = followed.rounds[0].gravest
    assert gravest and gravest.degrees > 30  # bent less


def test_a_round_begins_when_somebody_is_there_and_has_got_ready(squat: PoseSequence, reference: Reference) -> None:
    follower = Follower()
    nobody = squat.mapped(lambda values: np.full_like(values, np.nan))
    shown(follower, reference, waiting(nobody, 4), 0)
    assert follower.followed and follower.followed.phase_s is None
    shown(follower, reference, squat, 10)
    followed = follower.followed
    assert followed.began_s == pytest.approx(10 + LEAD_S)
    assert followed.phase_s == pytest.approx(float(squat.time[-1] - squat.time[0]) - LEAD_S)
    assert reference.period == pytest.approx(reference.duration + PAUSE_S)


def test_another_reference_begins_anew(squat: PoseSequence, reference: Reference) -> None:
    follower = Follower()
    shown(follower, reference, waiting(squat, LEAD_S + reference.period + 2), 0)
    other = Reference.of("other", squat, 0)
    follower.update(other, replace(squat.part(0, 1), time=np.array([60.0])))
    assert follower.followed and not follower.followed.rounds
    follower.update(None, squat.part(0, 1))
    assert follower.followed is None


def test_the_ghost_stands_where_one_stands_and_is_as_large(squat: PoseSequence, reference: Reference) -> None:
    row = 7
    phase = float(squat.time[row] - squat.time[0])
    xy = squat.xy[row, 0]
    ghost = reference.ghost(phase, xy, mirrored=False)
    assert ghost is not None
    assert ghost[HIPS].mean(0) == pytest.approx(xy[HIPS].mean(0), abs=0.5)
    torso = float(torso_lengths(squat)[row, 0])
    assert np.abs(ghost - xy).max() < 0.35 * torso  # of a skeleton that was made steady and of its mean size
    mirrored = reference.ghost(phase, xy, mirrored=True)
    assert mirrored is not None
    assert mirrored[:, 0] - xy[HIPS, 0].mean() == pytest.approx(xy[HIPS, 0].mean() - ghost[:, 0], abs=0.5)
    assert len(reference.shape) == pytest.approx(GHOST_RATE * reference.duration, abs=2)


def test_what_is_too_long_or_empty_is_refused_in_a_sentence(squat: PoseSequence) -> None:
    with pytest.raises(PoseError, match="too long to be followed"):
        Reference.of("long", replace(squat, time=squat.time / squat.time[-1] * (LONGEST_S + 60)), 0)
    with pytest.raises(PoseError, match="Nobody"):
        Reference.of("none", squat.mapped(lambda values: np.full_like(values, np.nan)), 0)
