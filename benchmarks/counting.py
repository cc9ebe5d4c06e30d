"""Every exercise against every clip at hand: python -m benchmarks.counting

Prints a table in Markdown: how many repetitions of each exercise are counted in each clip and sequence with known
answers (POSECORE_MEDIA, or ../shared/media), beside what people really do in them. A point is none.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from posecore import AnalysisSettings, Repetition, Workers, analyse, count_reps, exercise_names, load_exercise, probe
from posecore.pose import PoseSequence
from tests.support.filmed_sequences import load_sequence

ROOT = Path(__file__).resolve().parent.parent
MEDIA = Path(os.environ.get("POSECORE_MEDIA", ROOT.parent / "shared" / "media"))
DONE = {
    "push_up_incline_12": "12 push-ups with the hands on a bar",
    "sit_up_decline_6": "6 sit-ups on an inclined bench, a 7th cut off",
    "bicep_curl_cropped_1": "1 curl, neck to thigh in the picture",
    "bicep_curl_three": "3 curls, the first begins half way",
    "jumping_jack_turning_19": "19 jumping jacks, front to side",
    "pose_squats": "2 squats, a third cut off",
    "sports2d_demo": "arms overhead twice on a box, a jump, walking",
    "pose_1": "arms up and down, cut off",
    "two_people_cam01": "two people, arms in motion",
    "one-by-one-person-detection": "six people walking, standing, on the phone",
}


def sequences() -> Iterator[tuple[str, PoseSequence]]:
    for path in sorted((MEDIA / "sequences").glob("*.npz")):
        yield path.stem, load_sequence(path)
    with Workers() as workers:
        for path in sorted((MEDIA / "videos").glob("*.mp4")):
            yield path.stem, analyse(probe(path), AnalysisSettings(), workers.lane())


def main() -> None:
    exercises = [load_exercise(name) for name in exercise_names()]
    titles = [exercise.title() for exercise in exercises]
    sys.stdout.write(f"| clip | what is done | {' | '.join(titles)} |\n|{' --- |' * (len(titles) + 2)}\n")
    for name, sequence in sequences():
        counts = [_shown(count_reps(sequence, 0, exercise)) for exercise in exercises]
        sys.stdout.write(f"| {name} | {DONE.get(name, 'balancing on a beam')} | {' | '.join(counts)} |\n")
        sys.stdout.flush()


def _shown(repetitions: Sequence[Repetition]) -> str:
    return str(len(repetitions)) if repetitions else "."


if __name__ == "__main__":
    main()
