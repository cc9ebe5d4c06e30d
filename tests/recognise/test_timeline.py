"""Labels along a clip and live: the same answers, spans, and how often each was done."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from posecore.recognise import (
    UNKNOWN,
    LiveRecogniser,
    Recogniser,
    Teaching,
    counts,
    cut_by_pauses,
    cut_evenly,
    example_of,
    label_sequence,
    spans_of,
    train,
)
from posecore.recognise.features import track_of
from tests.support import bodies
from tests.support.taught_clips import QUICK, found, teaching_of

LOOK_S = 0.01


@cache
def recogniser(media: Path) -> Recogniser:
    return train(teaching_of(media, QUICK))


def test_squats_and_jacks_are_counted(media: Path) -> None:
    one = recogniser(media)
    squats = counts(one, spans_of(one, found(media, "pose_squats"), 0))
    assert squats["squat"] == 3  # two, and one that is cut off
    assert squats["jumping jack"] == squats["push-up"] == 0
    jacks = counts(one, spans_of(one, found(media, "jumping_jack_turning_19"), 0))
    assert jacks["jumping jack"] == pytest.approx(19, abs=2)
    assert jacks["squat"] == 0


def test_spans_lie_in_order_within_the_clip(media: Path) -> None:
    clip = found(media, "pose_squats")
    spans = spans_of(recogniser(media), clip, 0)
    edges = [edge for span in spans for edge in (span.start_s, span.end_s)]
    assert edges == sorted(edges)
    assert clip.time[0] <= edges[0]
    assert edges[-1] <= clip.time[-1]
    assert all(0 < span.confidence <= 1 for span in spans)


def recorded(times: int) -> Teaching:
    """Arms up as somebody does it who waves three times each time."""
    once = bodies.there_and_back(3, period=0.8, rest=0, begin=0)

    def way(t: float) -> float:
        place, inside = divmod(t - 1, 3.9)
        return once(inside) if t > 1 and place < times else 0.0

    clip = bodies.clip_of(lambda t: bodies.Shape(spread=(5 + 140 * way(t), 5)), 1 + 3.9 * times + 0.5, noise=0.003)
    waves = [example_of(clip, 0, *part) for part in cut_by_pauses(clip, 0)]
    still = bodies.clip_of(lambda _: bodies.Shape(), 8, noise=0.003)
    stands = [example_of(still, 0, *part) for part in cut_evenly(still, 0, 1.5)]
    return Teaching().with_examples("wave", *waves).with_examples("stand", *stands)


def test_one_is_as_many_swings_as_its_examples_have() -> None:
    one = train(recorded(5))
    assert one.cycles == (3, np.inf)
    way = bodies.there_and_back(6, period=0.8, rest=0, begin=4)
    clip = bodies.clip_of(lambda t: bodies.Shape(spread=(5 + 140 * way(t), 5)), 13, noise=0.003)
    found_spans = spans_of(one, clip, 0)
    assert [one.names[span.label] for span in found_spans] == ["stand", "wave", "stand"]
    assert counts(one, found_spans) == {"wave": 2, "stand": 2}


def test_a_stream_is_told_the_same_as_its_clip(media: Path) -> None:
    one, clip = recogniser(media), found(media, "jumping_jack_turning_19")
    live, track = LiveRecogniser(one), track_of(clip, 0)
    looks = 0
    for row in range(0, 400, 2):
        live.add(clip.part(row, row + 2))
        if row % 20 == 0 and clip.present[row + 1, 0]:
            seen, offline = live.look(), one.judge(track, [clip.time[row + 1]])
            assert (seen.label, seen.confidence) == (offline.labels[0], offline.confidence[0])
            looks += 1
    assert looks > 10
    assert seen.name == "jumping jack"


@pytest.mark.parametrize(
    ("file", "name", "often"), [("jumping_jack_turning_19", "jumping jack", 19), ("pose_squats", "squat", 3)]
)
@pytest.mark.parametrize("rows_a_packet", [1, 8])
def test_a_stream_is_counted_as_its_clip(media: Path, file: str, name: str, often: int, rows_a_packet: int) -> None:
    one, clip = recogniser(media), found(media, file)
    live = LiveRecogniser(one)
    for row in range(0, len(clip.time), rows_a_packet):
        live.add(clip.part(row, row + rows_a_packet))
        if row % 8 == 0:
            live.look()
    assert live.counts() == counts(one, spans_of(one, clip, 0))
    assert live.counts()[name] == pytest.approx(often, abs=2)
    live.add(clip.part(0, 80))  # the stream begins anew: what was counted stays
    assert live.counts()[name] == pytest.approx(often, abs=2)
    live.forget()
    assert live.counts() == dict.fromkeys(one.names, 0)


def test_a_look_takes_less_than_ten_milliseconds(media: Path) -> None:
    live = LiveRecogniser(recogniser(media))
    live.add(found(media, "jumping_jack_turning_19").part(100, 200))
    taken = []
    for _ in range(20):
        begin = time.perf_counter()
        live.look()
        taken.append(time.perf_counter() - begin)
    assert min(taken) < LOOK_S


def test_a_stream_that_has_just_begun_or_begins_anew(media: Path) -> None:
    live, clip = LiveRecogniser(recogniser(media)), found(media, "jumping_jack_turning_19")
    assert live.look() == (UNKNOWN, None, 0)
    live.add(clip.part(100, 103))
    assert live.look().name is None
    live.add(clip.part(103, 200))
    assert live.look().name == "jumping jack"
    live.add(replace(clip.part(0, 80), time=clip.time[:80]))  # nobody, then time goes back
    live.add(clip, person=3)
    live.forget()
    assert live.look().name is None


def test_hours_without_anybody_cost_nothing(media: Path) -> None:
    one, clip = recogniser(media), found(media, "jumping_jack_turning_19")
    hours = clip.time + np.where(clip.time > 12, 1e9, 0)
    late = replace(clip, time=hours)
    spans = spans_of(one, late, 0)
    assert [one.names[span.label] for span in spans] == ["jumping jack", "jumping jack"]
    assert len(cut_by_pauses(late, 0)) >= 1
    live = LiveRecogniser(one)
    for row in range(0, len(clip.time), 20):
        live.add(late.part(row, row + 20))
        live.look()
    assert live.counts()["jumping jack"] == pytest.approx(19, abs=3)


def test_where_nobody_is_nothing_is_done(media: Path) -> None:
    one, clip = recogniser(media), found(media, "jumping_jack_turning_19")
    labels = label_sequence(one, clip, 0)
    assert (np.diff(labels.time) > 0).all()
    assert labels.labels.shape == labels.confidence.shape == labels.time.shape
    nobody = clip.part(0, 60)
    assert len(label_sequence(one, nobody, 0).time) == 0
    assert spans_of(one, nobody, 0) == []
