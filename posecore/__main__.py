"""python -m posecore"""

import io
import os
import sys


def _silence_native_logs() -> None:
    """Keep stderr for our own lines: MediaPipe's native code writes start-up notes to file descriptor 2.

    POSECORE_NATIVE_LOGS=1 lets them through.
    """
    if os.environ.get("POSECORE_NATIVE_LOGS") == "1":
        return
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, encoding="utf-8", errors="backslashreplace")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def run() -> int:
    """The command as a person starts it."""
    _silence_native_logs()
    if isinstance(sys.stdout, io.TextIOWrapper):  # a name that the console cannot show must not end the work
        sys.stdout.reconfigure(errors="backslashreplace")

    from posecore.cli import main

    return main()


if __name__ == "__main__":
    sys.exit(run())
