"""The command line: python -m posecore COMMAND ..."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import typer

from posecore.cli.bench_command import bench
from posecore.cli.compare_command import compare_command
from posecore.cli.count_command import count
from posecore.cli.doctor_command import doctor
from posecore.cli.export_command import export_command
from posecore.cli.image_command import image
from posecore.cli.recognise_command import recognise
from posecore.cli.report_command import report
from posecore.cli.sequences_command import sequences
from posecore.cli.serve_command import serve
from posecore.cli.teach_command import teach
from posecore.cli.video_command import video

# Each with an example.
_COMMANDS: dict[Callable[..., Any], str] = {
    image: "image photo.jpg team.heic --out results --people 30 --closer on",
    video: "video clips/ --out results --exercise squat",
    count: "count squats.mp4 --exercise squat",
    report: "report squats.mp4 --exercise squat --out results --lang zh",
    compare_command: "compare teacher.mp4 pupil.mp4",
    teach: "teach examples/ --output class.poselab-taught",
    recognise: "recognise class.poselab-taught lesson.mp4",
    export_command: "export squats.mp4 --as bvh,xlsx,trc --out results",
    sequences: "sequences clips/ --windows 60 --stride 15 --fps 30 --out results",
    serve: "serve --port 8000",
    bench: "bench clip.mp4 --seconds 30",
    doctor: "doctor",
}

app = typer.Typer(
    help="Human pose estimation on any CPU; nothing leaves this machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command, example in _COMMANDS.items():
    app.command(example.split()[0], epilog=f"Example: posecore {example}")(command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status: 0 all files done, 1 some failed, 2 wrong usage, 130 interrupted."""
    try:
        app(arguments, prog_name="posecore")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    return 0
