"""Run what finds people on processors that this machine is not, by emulation: make test-processors

On x86 without AVX and with AVX2 the tests of detection with the lite model, and everywhere the command line on a photo
and on a second of a clip (AVX2: a tenth), compared with this machine's own answers. 64-bit Arm, to programs a Raspberry
Pi 4, has LiteRT alone. The limits hold for the engine that serves photos and clips; how far the other one is apart is
shown beside it. What is missing is installed where that is possible (Debian, as root), and named otherwise. A root file
system and packages for Arm are kept under .processors/.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from posecore.detection.engines import FORCED, engine_for
from posecore.feasibility.machine_measurement import description
from tests.support.agreement import MEDIAN, NEARLY_ALL

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".processors"
DEBIAN, PYTHON = "bookworm", "3.11"  # which belong together
DEBIAN_PACKAGES = ("python3", "python3-venv", "libgomp1")
WHEELS = ("manylinux_2_28", "manylinux_2_27", "manylinux_2_17", "manylinux2014")
TESTS = ["tests/detection/litert"]
TESTS += [f"tests/detection/test_{name}.py" for name in ("litert_engine", "mediapipe_engine")]
WITH_LITE = "not full and not heavy and not best"
# The emulator computes AVX2's fused multiplication and addition in software: 14 s a look instead of 1.2.
LONG_TESTS = ("followed_like_mediapipe", "same_people_in_photos", "dies_out", "threads_change_nothing")
MODELS = ("lite", "full")
PHOTO, CLIP = "samples/two_people.jpg", "samples/balance.mp4"
# LiteRT reads what kind of Arm it runs on, and the emulator shows the file of the machine that it runs on itself, out
# of which versions 2.2 and 2.3 of LiteRT make a null pointer. This is what a Raspberry Pi 4 says.
CPUINFO = """processor\t: {number}
BogoMIPS\t: 108.00
Features\t: fp asimd evtstrm crc32 cpuid
CPU implementer\t: 0x41
CPU architecture: 8
CPU variant\t: 0x0
CPU part\t: 0xd08
CPU revision\t: 3

"""
# Python starts other Pythons by the path that it was started with; under the emulator they need the emulator too.
STARTUP = "import os, sys\nsys.executable = os.environ.get('EMULATED_PYTHON', sys.executable)\n"


class Processor(NamedTuple):
    """Attributes:
    emulator: the command that runs programs as on this processor; empty is this machine.
    seconds: of the clip that are compared.
    left_out: parts of the names of tests that would take hours; --all runs them.
    """

    name: str
    engines: tuple[str, ...]
    emulator: tuple[str, ...] = ()
    python: str = sys.executable
    packages: str = ""
    seconds: float = 1
    left_out: tuple[str, ...] = ()

    def run(self, *arguments: str, engine: str = "") -> None:
        """Run Python."""
        work = FOLDER / "work"
        work.mkdir(parents=True, exist_ok=True)
        (work / "sitecustomize.py").write_text(STARTUP, "utf-8")
        command = work / "-".join(["python", *self.name.split()])
        command.write_text(f'#!/bin/sh\nexec {" ".join((*self.emulator, self.python))} "$@"\n', "utf-8")
        command.chmod(0o755)
        path = os.pathsep.join(filter(None, (str(work), self.packages, str(ROOT))))
        # Which of its kernels OpenBLAS should take holds for this machine's processor only.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
        environment |= {"PYTHONPATH": path, "EMULATED_PYTHON": str(command), FORCED: engine}
        subprocess.run([str(command), *arguments], cwd=ROOT, env=environment, check=True)


HERE = Processor("this machine", ("litert", "mediapipe"))


def processors() -> list[Processor]:
    x86, arm = emulator("x86_64"), emulator("aarch64")
    root, packages = arm_root(), arm_packages()
    return [
        Processor("x86 without AVX (Nehalem)", HERE.engines, (x86, "-cpu", "Nehalem")),
        Processor(
            "x86 with AVX2 (Haswell)", HERE.engines, (x86, "-cpu", "Haswell-noTSX"), seconds=0.1, left_out=LONG_TESTS
        ),
        Processor(
            "Arm (Cortex-A72)",
            ("litert",),
            (arm, "-cpu", "cortex-a72", "-L", str(root)),
            str(root / "usr" / "bin" / f"python{PYTHON}"),
            str(packages),
        ),
    ]


def emulator(architecture: str) -> str:
    return command(f"qemu-{architecture}-static", "qemu-user-static")


def command(name: str, package: str) -> str:
    """The path of a command, out of a Debian package if it is not there yet."""
    if not shutil.which(name) and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "-qq", "update"], check=True)
        subprocess.run(["apt-get", "-qq", "install", "-y", package], check=True, stdout=subprocess.DEVNULL)
    return shutil.which(name) or sys.exit(f"{name} is missing: install {package} (Debian's name for it).")


def arm_root() -> Path:
    """Debian's Python for Arm with the libraries that it needs, unpacked and never booted."""
    root = FOLDER / "arm64"
    if not (root / "ready").exists():
        shutil.rmtree(root, ignore_errors=True)
        options = ["--arch", "arm64", "--foreign", "--variant=minbase", f"--include={','.join(DEBIAN_PACKAGES)}"]
        bootstrap = command("debootstrap", "debootstrap")
        subprocess.run([bootstrap, *options, DEBIAN, str(root)], check=True, stdout=subprocess.DEVNULL)
        for package in (root / "var" / "cache" / "apt" / "archives").glob("*.deb"):
            subprocess.run([command("dpkg", "dpkg"), "-x", str(package), str(root)], check=True)
        (root / "proc").mkdir(exist_ok=True)
        (root / "proc" / "cpuinfo").write_text("".join(CPUINFO.format(number=i) for i in range(2)), "utf-8")
        (root / "ready").touch()
    return root


def arm_packages() -> Path:
    """What posecore needs, as requirements.txt pins it, for Linux on Arm."""
    wanted = arm_requirements()
    folder = FOLDER / "packages"
    ready = folder / "ready"
    if not ready.exists() or ready.read_text("utf-8").split("\n") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        wheels = folder / "wheels"
        platforms = [option for kind in WHEELS for option in ("--platform", f"{kind}_aarch64")]
        download = [sys.executable, "-m", "pip", "download", "-qq", "--only-binary=:all:", "--dest", str(wheels)]
        subprocess.run([*download, "--python-version", PYTHON, *platforms, *wanted], check=True)
        for wheel in wheels.iterdir():
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(folder)
        ready.write_text("\n".join(wanted), "utf-8")
    return folder


def arm_requirements() -> list[str]:
    """pip would read the conditions in requirements.txt for this machine."""
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {canonicalize_name(Requirement(line).name) for line in needed}
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    pinned = [Requirement(line) for line in lines if line and not line.startswith("#")]
    there = {"sys_platform": "linux", "platform_machine": "aarch64", "python_version": PYTHON}
    return [
        f"{one.name}{one.specifier}"
        for one in pinned
        if canonicalize_name(one.name) in names and (one.marker is None or one.marker.evaluate(there))
    ]


def run_tests(processor: Processor, left_out: tuple[str, ...]) -> None:
    without = f" but for those with {', '.join(left_out)} in their names" if left_out else ""
    print(f"{processor.name}: tests of detection with the lite model{without}", flush=True)
    chosen = " and not ".join([WITH_LITE, *left_out])
    processor.run("-m", "pytest", *TESTS, "-k", chosen, "-o", "faulthandler_timeout=3600")


def landmarks(processor: Processor, engine: str, model: str, seconds: float) -> np.ndarray:
    """(N, 33, 2) pixels: of everybody in the photo, then of the one in every frame of the clip."""
    out = FOLDER / "out" / "-".join(["of", *processor.name.split(), engine, model])
    shutil.rmtree(out, ignore_errors=True)
    options = ["--model", model, "--out", str(out)]
    processor.run("-m", "posecore", "image", PHOTO, *options, engine=engine)
    processor.run("-m", "posecore", "video", CLIP, "--end", str(seconds), *options, engine=engine)
    people = json.loads((out / f"{Path(PHOTO).stem}.json").read_text("utf-8"))["people"]
    photo = [[(one["x"], one["y"]) for one in person["landmarks"]] for person in people]
    table = pd.read_csv(out / Path(CLIP).stem / "landmarks.csv")
    return np.concatenate([photo, table[["x_px", "y_px"]].to_numpy().reshape(-1, 33, 2)])


def torso_distances(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    torsos = np.linalg.norm(one[:, [11, 12]].mean(1) - one[:, [23, 24]].mean(1), axis=-1)
    distances: np.ndarray = np.linalg.norm(one - other, axis=-1) / torsos[:, None]
    return distances


def compared(processor: Processor) -> Iterator[tuple[str, bool]]:
    """A line of the table for each engine and model, and whether it is within the limits."""
    for engine in processor.engines:
        for model in MODELS:
            here, there = (landmarks(one, engine, model, processor.seconds) for one in (HERE, processor))
            if here.shape != there.shape:
                yield f"| {processor.name} | {engine} | {model} | other people | | |", False
                continue
            median, nearly_all, most = np.quantile(torso_distances(here, there), (0.5, 0.99, 1))
            cells = " | ".join(f"{100 * value:.3f}" for value in (median, nearly_all, most))
            within = engine != engine_for("clip") or (median <= MEDIAN and nearly_all <= NEARLY_ALL)
            yield f"| {processor.name} | {engine} | {model} | {cells} |", within


def main() -> int:
    parser = argparse.ArgumentParser(description="Find people on other processors, by emulation.")
    parser.add_argument("--markdown", type=Path, metavar="FILE")
    parser.add_argument("--all", action="store_true", help="also the tests that take hours with AVX2")
    parser.add_argument("--only", default="", metavar="NAME", help="processors whose names contain this")
    options = parser.parse_args()
    lines = [
        f"Landmarks apart from those of {description()}, in per cent of the torso:\n",
        "| Processor | Engine | Model | Median | 99th percentile | Most |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    fine = True
    for processor in processors():
        if options.only not in processor.name:
            continue
        if processor.python == sys.executable:
            run_tests(processor, () if options.all else processor.left_out)
        for line, within in compared(processor):
            print(line, flush=True)
            lines.append(line)
            fine &= within
    text = "\n".join(lines)
    print(f"\n{text}")
    if options.markdown:
        options.markdown.write_text(f"{text}\n", "utf-8")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
