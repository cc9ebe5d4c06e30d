"""Build samples/ from packages whose licences allow it: python tools/build_samples.py"""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

import av
from PIL import Image
from registry import download_wheel

FOLDER = Path(__file__).resolve().parent.parent / "samples"
SPORTS2D = "sports2d==0.8.34"
POSE2SIM = "pose2sim==0.10.49"
SCIKIT_IMAGE = "scikit-image==0.26.0"

# file in samples/: package, file inside its wheel
COPIES = {
    "astronaut.png": (SCIKIT_IMAGE, "skimage/data/astronaut.png"),
    "box_jump.mp4": (SPORTS2D, "Sports2D/Demo/demo.mp4"),
    "balance.mp4": (POSE2SIM, "Pose2Sim/Demo_SinglePerson/videos/cam01.mp4"),
    "two_people.mp4": (POSE2SIM, "Pose2Sim/Demo_MultiPerson/videos/cam01.mp4"),
}
# still in samples/: clip in samples/, number of the frame
STILLS = {
    "balance.jpg": ("balance.mp4", 62),
    "two_people.jpg": ("two_people.mp4", 10),
}
LICENCES = {
    "LICENSE.sports2d": (SPORTS2D, "sports2d-0.8.34.dist-info/licenses/LICENSE"),
    "LICENSE.pose2sim": (POSE2SIM, "pose2sim-0.10.49.dist-info/licenses/LICENSE"),
}


def still(clip: Path, number: int) -> bytes:
    """One frame of a clip as JPEG."""
    with av.open(str(clip)) as container:
        frame = next(f for i, f in enumerate(container.decode(video=0)) if i == number)
    out = io.BytesIO()
    Image.fromarray(frame.to_ndarray(format="rgb24")).save(out, "JPEG", quality=88)
    return out.getvalue()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        wheels = {p: download_wheel(p, Path(folder)) for p in (SPORTS2D, POSE2SIM, SCIKIT_IMAGE)}
        for name, (package, member) in {**COPIES, **LICENCES}.items():
            with zipfile.ZipFile(wheels[package]) as wheel:
                (FOLDER / name).write_bytes(wheel.read(member))
    for name, (clip, number) in STILLS.items():
        (FOLDER / name).write_bytes(still(FOLDER / clip, number))


if __name__ == "__main__":
    main()
