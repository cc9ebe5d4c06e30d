"""Build the WebAssembly in assets/engine/ from its kernels.c, with relaxed SIMD and without.

    python tools/build_kernels.py            build both
    python tools/build_kernels.py --check    build again and compare with the committed files

The compiler is Zig's Clang, fetched from the Python package index. The same source always gives the same bytes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ENGINE = Path(__file__).resolve().parent.parent / "assets" / "engine"
COMPILER = "ziglang==0.17.1"
BUILDS = {"kernels_relaxed.wasm": "-mrelaxed-simd", "kernels.wasm": "-mno-relaxed-simd"}
OPTIONS = [
    "--target=wasm32-freestanding",
    "-O3",
    "-msimd128",
    "-fno-builtin",
    "-nostdlib",
    "-Wall",
    "-Wextra",
    "-Werror",
]
LINKER = ["--no-entry", "--import-memory", "--strip-all", "-z,stack-size=16384"]


def build(folder: Path) -> None:
    """Both builds, into a folder."""
    with tempfile.TemporaryDirectory() as packages:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", packages, COMPILER]
        subprocess.run(pip, check=True)
        environment = {**os.environ, "PYTHONPATH": packages}
        for name, option in BUILDS.items():
            linker = [f"-Wl,{each}" for each in LINKER]
            command = [sys.executable, "-m", "ziglang", "cc", *OPTIONS, option, *linker, "-o", str(folder / name)]
            subprocess.run([*command, "kernels.c"], cwd=ENGINE, env=environment, check=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Build or check the browser's kernels.")
    parser.add_argument("--check", action="store_true", help="compare with the committed files")
    if not parser.parse_args().check:
        build(ENGINE)
        return 0
    with tempfile.TemporaryDirectory() as name:
        build(Path(name))
        changed = [each for each in BUILDS if (Path(name) / each).read_bytes() != (ENGINE / each).read_bytes()]
    print("\n".join(f"{each} differs" for each in changed) or "the same bytes")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
