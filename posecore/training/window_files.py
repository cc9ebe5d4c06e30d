"""Windows as files: NPZ for NumPy, JAX and PyTorch, Parquet for everything else."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from posecore.media.atomic_files import written_whole
from posecore.skeleton import LANDMARKS
from posecore.training.windows import CHANNELS, Windows


def write_windows_npz(windows: Windows, path: Path, rate: float) -> None:
    """The arrays of `Windows` by their names, with the names of landmarks and channels and the rate; no pickle.

    Raises:
        WriteError: it cannot be written.
    """
    with written_whole(path) as draft, draft.open("wb") as file:
        np.savez_compressed(
            file,
            x=windows.x,
            mask=windows.mask,
            labels=windows.labels,
            groups=windows.groups,
            start_s=windows.start_s,
            landmarks=np.array(LANDMARKS),
            channels=np.array(CHANNELS),
            rate=np.array(rate),
        )


def write_windows_parquet(windows: Windows, path: Path) -> None:
    """A row for each window and frame: its label, group, start and every value in a column.

    Raises:
        WriteError: it cannot be written.
    """
    import pandas as pd

    count, length = windows.x.shape[:2]
    columns = {
        "window": np.repeat(np.arange(count), length),
        "frame": np.tile(np.arange(length), count),
        "label": np.repeat(windows.labels, length),
        "group": np.repeat(windows.groups, length),
        "start_s": np.repeat(windows.start_s, length),
    }
    for number, landmark in enumerate(LANDMARKS):
        for k, channel in enumerate(CHANNELS):
            columns[f"{landmark}_{channel}"] = windows.x[:, :, number, k].ravel()
        columns[f"{landmark}_seen"] = windows.mask[:, :, number].ravel()
    with written_whole(path) as draft:
        pd.DataFrame(columns).to_parquet(draft, index=False)
