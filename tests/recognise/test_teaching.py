"""What may be taught, and what is said where it may not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from posecore.errors import TeachError
from posecore.limits import TAUGHT_LIMITS
from posecore.recognise import Teaching, clean_name, example_of, train
from tests.support import bodies

CLIP = bodies.clip_of(lambda _: bodies.Shape(), 20)
ONE = example_of(CLIP, 0, 0, 2)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("  wave ", "wave"),
        ("下蹲", "下蹲"),
        ("a\tb\nc", "a b c"),
        ("موجة", "موجة"),
        ("x\u202ey\u0000", "xy"),
        ("🙆 up", "🙆 up"),
    ],
)
def test_names_in_any_script_stay_on_one_line(given: str, name: str) -> None:
    assert clean_name(given) == name


@pytest.mark.parametrize(("given", "code"), [(" \n\u200b", "taught_no_name"), ("n" * 41, "taught_long_name")])
def test_names_that_cannot_be_shown_are_refused(given: str, code: str) -> None:
    assert code_of(lambda: clean_name(given)) == code


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(TeachError) as error:
        action()
    for language in ("en", "zh"):
        assert error.value.message(language)
    return error.value.code


def test_an_example_has_a_length_and_a_person() -> None:
    assert example_of(CLIP, 0, 3, 5).seconds == pytest.approx(2, abs=0.05)
    assert example_of(CLIP, 0, 3, 5).track.time[0] == 0
    assert code_of(lambda: example_of(CLIP, 0, 3, 3.3)) == "taught_length"
    assert code_of(lambda: example_of(CLIP, 0, 3, 19)) == "taught_length"
    assert code_of(lambda: example_of(CLIP, 0, 19.5, 22)) == "taught_nobody"
    gone = bodies.clip_of(lambda _: bodies.Shape(), 20, missing=0.7)
    assert code_of(lambda: example_of(gone, 0, 3, 5)) == "taught_nobody"


def test_there_are_two_to_six_movements_of_different_names() -> None:
    teaching = Teaching()
    assert code_of(lambda: train(teaching)) == "taught_too_few"
    for number in range(TAUGHT_LIMITS.movements):
        teaching = teaching.with_movement(f"m{number}")
    assert code_of(lambda: teaching.with_movement("one more")) == "taught_too_many"
    assert code_of(lambda: Teaching().with_movement("Wave").with_movement(" wave")) == "taught_name_taken"


def test_three_examples_are_needed_and_sixty_enough() -> None:
    teaching = Teaching().with_examples("a", ONE, ONE, ONE).with_examples("b", ONE, ONE)
    assert code_of(lambda: train(teaching)) == "taught_too_few_examples"
    assert code_of(lambda: teaching.with_examples("a", *[ONE] * 58)) == "taught_too_many_examples"


def test_examples_and_movements_can_be_taken_out_again() -> None:
    other = example_of(CLIP, 0, 5, 8)
    teaching = Teaching().with_examples("a", ONE, other).with_examples("b", ONE)
    assert teaching.without("a", 0).movements[0].examples == (other,)
    assert teaching.without("a").names == ("b",)
    assert teaching.names == ("a", "b")
