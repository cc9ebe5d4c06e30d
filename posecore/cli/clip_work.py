"""What all commands that look at clips have in common: where the work is done, and what they say of a clip."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import typer

from posecore.cli.batches import FAILED
from posecore.clips.analysis import AnalysisSettings, analyse
from posecore.clips.cluster import Cluster, FarLane
from posecore.clips.segment_jobs import Watch
from posecore.errors import PoseError
from posecore.exercises.exercise import Exercise
from posecore.exercises.review import Review
from posecore.formats.file_formats import FORMATS
from posecore.formats.poselab_files import read_poselab
from posecore.media.clip_files import Clip, probe
from posecore.pose import PoseSequence
from posecore.processes.worker_processes import Lanes, Workers
from posecore.visuals.exercise_report import counted_as, uncounted


@contextmanager
def workers_for(count: int | None, cluster: str = "", *, network: bool = False) -> Iterator[Lanes]:
    """Processes of this machine, which end with the command, or those of a cluster.

    Args:
        network: whether those of this machine need one, for files that lie elsewhere.
    """
    try:
        work: Workers | Cluster = Cluster(cluster) if cluster else Workers(count, network=network)
    except PoseError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(FAILED) from error
    with work:
        yield work


def found_in(file: Path, settings: AnalysisSettings, workers: Lanes, watch: Watch) -> tuple[Clip, PoseSequence]:
    """A clip, and what is found in it."""
    lane = workers.lane()
    clip = probed(file, lane)
    return clip, analyse(clip, settings, lane, watch.on_progress, watch.cancelled)


def probed(file: Path, lane: Executor) -> Clip:
    """What a clip's file holds, as a worker reads it, which may send back paths of this machine alone."""
    clip: Clip = lane.submit(_probed, file).result()
    return replace(clip, path=file)


def _probed(file: Path) -> Clip:
    return replace(probe(file), path=Path(file.name))


def found_by(lane: Executor) -> dict[str, dict[str, int]]:
    """Which engines and processors of a cluster did the work; for results and logs, empty on this machine."""
    return {"found_by": dict(lane.found_by)} if isinstance(lane, FarLane) else {}


def movement(file: Path, settings: AnalysisSettings, workers: Lanes, watch: Watch) -> PoseSequence:
    """What a clip shows, or what a file of PoseLab's own holds."""
    if file.suffix.lower() == FORMATS["poselab"].suffix:
        return read_poselab(file)
    return found_in(file, settings, workers, watch)[1]


def person_of(sequence: PoseSequence, person: int | None) -> int:
    """From 0, of a person as they are numbered for people, from 1; without a number the most seen.

    Raises:
        PoseError: there is no such person.
    """
    if person and person > sequence.people:
        raise PoseError("no_such_person", person=person, people=sequence.people)
    return person - 1 if person else sequence.most_seen


def count_words(exercise: Exercise, reviews: Sequence[Review], *, everybody: bool) -> tuple[str, list[str]]:
    """How many repetitions, of whom, and sentences about what did not count."""
    if everybody:
        counts = ", ".join(f"{number}: {len(one.repetitions)}" for number, one in enumerate(reviews, 1))
        return f"{exercise.title()} by person {counts or 'nobody'}", []
    said = [sentence.rstrip(".") for one in reviews for sentence in [*counted_as(one), *uncounted(one)]]
    return f"{exercise.title()}: {sum(len(one.repetitions) for one in reviews)}", said


def reservations(clip: Clip, sequence: PoseSequence) -> list[str]:
    """What the file's own faults mean for the results."""
    said = ["the file breaks off, this is what could be read"] if clip.breaks_off else []
    if cuts := int(sequence.cuts.sum()):
        said.append(f"{cuts} cut{'s' * (cuts > 1)} to another scene: who is who after one is told by clothes")
    if damaged := int(sequence.damaged.sum()):
        words = "is damaged; what is found in it" if damaged == 1 else "are damaged; what is found in them"
        said.append(f"{damaged} of {len(sequence.time)} frames {words} may be off")
    return said
