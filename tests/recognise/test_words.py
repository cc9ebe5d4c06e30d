"""What a check finds and says: mix-ups, and what would help."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posecore.recognise import Check, Example, Teaching, check, check_words, example_of
from tests.recognise.test_recogniser import done_by, raised, taught
from tests.support import bodies


def standing(yaw: float, clip: str = "") -> Example:
    return example_of(bodies.clip_of(lambda _: bodies.Shape(), 2, yaw=yaw), 0, 0, 1.5, clip)


def teaching(yaws: dict[str, list[float]], clip: str = "") -> Teaching:
    made = Teaching()
    for name, angles in yaws.items():
        made = made.with_examples(name, *(standing(angle, clip) for angle in angles))
    return made


def found(wrong: int, column: int, total: int = 8, *, mirrors: bool = True) -> Check:
    """Of two movements, the first of which is taken for another so many times."""
    table = np.diag([total, total, 0])[:2]
    table[0, 0] -= wrong
    table[0, column] += wrong
    return Check(("wave", "clap"), table, None, np.zeros(0, np.int64), mirrors)


def test_all_right_is_one_sentence() -> None:
    (said,) = check_words(found(0, 1), teaching({"wave": [0, 90], "clap": [0, 90]}))
    assert said == "16 of 16 examples are recognised when each is left out of what is learnt."


@pytest.mark.parametrize(
    ("yaws", "advice"),
    [
        ([0] * 8, "Record “wave” from the side too."),
        ([90] * 8, "Record “wave” from the front too."),
        ([0, 90] * 4, "Do “wave” larger and slower, and so that it differs more from “clap”."),
        ([0] * 3, "Record 2 more examples of “wave”."),
    ],
    ids=["only from the front", "only from the side", "from both", "few"],
)
def test_what_is_mixed_up_and_what_would_help(yaws: list[float], advice: str) -> None:
    said = check_words(found(3, 1), teaching({"wave": yaws, "clap": [0, 90]}))
    assert said[1] == f"“wave” was taken for “clap” in 3 of 8 examples. {advice}"


def test_what_is_not_recognised_at_all() -> None:
    said = check_words(found(2, 2), teaching({"wave": [0, 90] * 4, "clap": [0, 90]}))
    assert said[1].startswith("“wave” was not recognised in 2 of 8 examples. Its examples differ much")


def test_it_is_said_in_chinese_too() -> None:
    first, second = check_words(found(3, 1), teaching({"wave": [0] * 8, "clap": [0] * 8}), "zh")
    assert "16" in first
    assert second == "“wave”的 8 个示例中有 3 个被当作“clap”。 请从侧面也录“wave”。"


def test_one_recording_and_sides_are_named() -> None:
    said = check_words(found(0, 1, mirrors=False), teaching({"wave": [0] * 8, "clap": [0] * 8}, "clip 1"))
    assert sum("from one recording" in sentence for sentence in said) == 2
    assert said[-1].startswith("Left and right are told apart")


def test_examples_that_are_well_apart_are_all_recognised() -> None:
    one = check(taught("squat", "raise", "bend"))
    assert one.accuracy == 1
    assert one.confusion.tolist() == [[4, 0, 0, 0], [0, 4, 0, 0], [0, 0, 4, 0]]
    assert one.by_clip is not None  # each example is a recording of its own
    assert one.said.tolist() == [0] * 4 + [1] * 4 + [2] * 4


def test_an_example_under_the_wrong_name_is_found() -> None:
    made = taught("squat", "raise", examples=5).with_examples("squat", done_by("raise", 90))
    one = check(made)
    assert one.confusion[0, 1] == 1
    assert one.said[5] == 1
    assert any("“squat” was taken for “raise” in 1 of 6 examples." in sentence for sentence in check_words(one, made))


def test_clips_are_left_out_together_where_there_are_several() -> None:
    examples = [replace(done_by("squat", k), clip=f"clip {k % 2}") for k in range(4)]
    others = [replace(raised(100, 0, k), clip="clip 2") for k in range(4)]
    made = Teaching().with_examples("squat", *examples)
    assert check(made.with_examples("raise", *others)).by_clip is None
    two = check(made.with_examples("raise", *(replace(one, clip=f"c{k % 2}") for k, one in enumerate(others))))
    assert two.by_clip is not None
    assert two.clip_accuracy == 1
