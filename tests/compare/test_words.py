"""Sentences about a comparison."""

from __future__ import annotations

import numpy as np

from posecore.compare import Comparison, Difference
from posecore.compare.comparison import Part
from posecore.compare.words import comparison_words, difference_words, short_difference_words

NONE = np.zeros((0, 8))
SCORES: dict[Part, float] = {"posture": 91.2, "timing": 100.0, "range": 80.0, "sides": 100.0}


def found(*differences: Difference, mirrored: bool = False) -> Comparison:
    return Comparison(NONE[:, 0], NONE[:, 0], NONE, NONE, NONE, NONE > 0, mirrored, [*differences], dict(SCORES))


def test_a_joint_its_size_and_its_moments_are_named() -> None:
    score, sentence = comparison_words(found(Difference("left_knee", 1.0, 2.0, -24.4, 1.5, 1.7)))
    assert score == "90 of 100 (posture 91, timing 100, range 80, left and right 100)"
    assert sentence == "1.0 to 2.0 s: the left knee is bent 24° more, most at 1.5 s (1.7 s in the second clip)."
    less = comparison_words(found(Difference("right_elbow", 1.0, 2.0, 18.0, 1.5, 1.7)), "zh")[1]
    assert "右" in less
    assert "少弯 18°" in less


def test_nothing_to_name_is_said_too() -> None:
    score, sentence = comparison_words(found(mirrored=True))
    assert "as in a mirror" in score
    assert sentence == "Equal, within what can be measured."


def test_an_arm_is_held_higher_or_lower_rather_than_bent() -> None:
    lower, higher = (Difference("left_shoulder", 0.0, 1.0, degrees, 0.5, 0.5) for degrees in (-18.0, 30.0))
    assert "the left arm is held 18° lower" in difference_words(lower)
    assert short_difference_words(higher) == "Your left arm is 30° higher than the reference's."
    assert "手臂" in short_difference_words(lower, "zh")
