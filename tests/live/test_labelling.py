"""What is recognised live, row by row, against what is recognised in the whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from posecore import PoseSequence
from posecore.live.labelling import Labeller
from posecore.recognise import Recogniser, Teaching, counts, cut_into_examples, example_of, spans_of, train
from tests.support.filmed_sequences import found_in


@pytest.fixture(scope="module")
def squats(media: Path) -> PoseSequence:
    return found_in(media / "videos" / "pose_squats.mp4")


@pytest.fixture(scope="module")
def recogniser(media: Path, squats: PoseSequence) -> Recogniser:
    teaching = Teaching()
    shown = [("squat", "pose_squats"), *(("balance", f"balance_cam0{number}") for number in (1, 2, 3, 4))]
    for name, clip in shown:
        sequence = found_in(media / "videos" / f"{clip}.mp4")
        parts = cut_into_examples(sequence, 0)
        teaching = teaching.with_examples(name, *(example_of(sequence, 0, *part, clip) for part in parts))
    return train(teaching)


def shown(labeller: Labeller, sequence: PoseSequence) -> list[str | None]:
    """Row by row; what is said after each."""
    said = []
    for row in range(len(sequence.time)):
        labeller.update(sequence.part(row, row + 1))
        said.append(labeller.labelled.seen.name)
    return said


def test_squats_are_called_so_and_counted_as_in_a_clip(recogniser: Recogniser, squats: PoseSequence) -> None:
    labeller = Labeller(recogniser)
    said = shown(labeller, squats)
    assert said[0] is None  # there is less than a window
    assert said[20:].count("squat") > 0.7 * len(said[20:])
    assert "balance" not in said
    offline = counts(recogniser, spans_of(recogniser, squats, 0))
    assert abs(labeller.labelled.counts["squat"] - offline["squat"]) <= 1
    assert labeller.labelled.counts["balance"] == 0


def test_whoever_has_gone_does_nothing(recogniser: Recogniser, squats: PoseSequence) -> None:
    labeller = Labeller(recogniser)
    assert shown(labeller, squats)[-1] == "squat" or labeller.labelled.counts["squat"]
    gone = squats.mapped(lambda values: np.full_like(values, np.nan)).part(0, 15)
    said = shown(labeller, replace(gone, time=gone.time + squats.time[-1] + 0.2))
    assert said[-1] is None
    assert labeller.labelled.counts["squat"] > 0
