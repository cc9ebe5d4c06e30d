from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posecore import MediaError, probe
from posecore.clips.segments import LONGEST, WARM_UP, chosen_frames, cut
from tests.support.paths import SAMPLES

CLIP = probe(SAMPLES / "balance.mp4")
LONG = replace(CLIP, pts=np.arange(3000) * 256, keys=np.arange(0, 3000, 30), duration_s=50.0)


def test_segments_cover_every_frame_once() -> None:
    segments = cut(LONG, chosen_frames(LONG), WARM_UP)
    assert len(segments) == 3000 // LONGEST
    assert np.concatenate([segment.frames for segment in segments]).tolist() == list(range(3000))


def test_the_first_segment_has_no_warm_up_the_others_end_it_where_they_begin() -> None:
    first, *others = cut(LONG, chosen_frames(LONG), WARM_UP)
    assert first.warm_up.tolist() == []
    assert all((segment.frames[0] - segment.warm_up).tolist() == list(WARM_UP) for segment in others)


def test_a_short_clip_is_one_segment() -> None:
    assert len(cut(CLIP, chosen_frames(CLIP), WARM_UP)) == 1


def test_a_long_clip_has_an_even_number_of_segments() -> None:
    counts = [len(cut(LONG, np.arange(frames))) for frames in (LONGEST, LONGEST + 1, 2 * LONGEST + 1, 3 * LONGEST + 1)]
    assert counts == [1, 2, 4, 4]


def test_a_clip_with_one_key_frame_is_not_decoded_over_and_over() -> None:
    segments = cut(replace(LONG, keys=np.array([0])), np.arange(3000), WARM_UP)
    assert 2 <= len(segments) <= 3
    # The later ones have further to go to their beginning, so they are shorter.
    assert len(segments[0].frames) > len(segments[-1].frames)


def test_a_part_and_every_third_frame() -> None:
    assert chosen_frames(CLIP, 0.5, 1.0, 3).tolist() == list(range(30, 60, 3))


@pytest.mark.parametrize(("start", "end"), [(5, None), (0.5, 0.5), (1, 0.2)])
def test_a_part_without_frames(start: float, end: float | None) -> None:
    with pytest.raises(MediaError, match="no frame in this part"):
        chosen_frames(CLIP, start, end)
