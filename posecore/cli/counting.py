"""Repetitions in a clip, of whoever is in most frames or of everybody, in words and as records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from posecore.exercises.exercise import Exercise
from posecore.exercises.review import Review, review_exercise
from posecore.formats.json_records import class_record, exercise_record
from posecore.pose import PoseSequence
from posecore.visuals.exercise_report import counted_as, uncounted


def reviews_of(sequence: PoseSequence, exercise: Exercise, *, everybody: bool) -> list[Review]:
    """Of everybody, or of the most seen person; empty where there is nobody."""
    people = range(sequence.people) if everybody else [sequence.most_seen][: sequence.people]
    return [review_exercise(sequence, person, exercise) for person in people]


def count_record(exercise: Exercise, reviews: Sequence[Review], most_seen: int, *, everybody: bool) -> dict[str, Any]:
    """What `summary.json` says of them."""
    most = reviews[most_seen if everybody else 0] if reviews else None
    record = {"exercise": exercise_record(exercise, most.repetitions if most else [], most.attempts if most else [])}
    return record | {"class": class_record(reviews)} if everybody else record


def count_words(exercise: Exercise, reviews: Sequence[Review], *, everybody: bool) -> tuple[str, list[str]]:
    """How many, and sentences about what did not count."""
    if everybody:
        counts = ", ".join(f"{number}: {len(one.repetitions)}" for number, one in enumerate(reviews, 1))
        return f"{exercise.title()} by person {counts or 'nobody'}", []
    said = [sentence.rstrip(".") for one in reviews for sentence in [*counted_as(one), *uncounted(one)]]
    return f"{exercise.title()}: {sum(len(one.repetitions) for one in reviews)}", said
