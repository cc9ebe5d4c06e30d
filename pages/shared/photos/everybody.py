"""Everybody in a photo in one table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from pages.shared.page import Page
from pages.shared.people import choose_from_now_on
from posecore.kinematics.joint_angles import ANGLES, angles_seen, joint_angles
from posecore.pose import Pose

_FAINT = "opacity: 0.55; font-style: italic"


def show_everybody(page: Page, key: str, pose: Pose) -> None:
    """A row each with what is seen of them and their angles, guessed ones faint; a press on a row chooses somebody."""

    def take() -> None:
        if cells := st.session_state[widget]["selection"]["cells"]:
            choose_from_now_on(key, int(cells[0][0]))

    widget = f"everybody_{key}"
    seen = angles_seen(pose.seen)
    number = st.column_config.NumberColumn
    angles = {name: number(_words(page, name), format="%.0f°") for name in ANGLES}
    st.dataframe(
        _table(pose).style.apply(lambda _table: _looks(seen), axis=None),
        hide_index=True,
        height="content" if pose.people <= 12 else 460,
        on_select=take,
        selection_mode="single-cell",
        key=widget,
        column_config={
            "person": number(page.text("people.column"), pinned=True),
            "seen": number(page.text("people.seen"), format="%.0f %%", help=page.text("people.seen_help")),
            **angles,
        },
    )
    st.caption(page.text("people.table_caption"))


def _table(pose: Pose) -> pd.DataFrame:
    table = pd.DataFrame(joint_angles(pose.xy), columns=list(ANGLES))
    table.insert(0, "seen", 100 * pose.seen.mean(1))
    table.insert(0, "person", np.arange(1, pose.people + 1))
    return table


def _looks(seen: np.ndarray) -> np.ndarray:
    """(P, columns) CSS of each cell."""
    return np.hstack([np.full((len(seen), 2), ""), np.where(seen, "", _FAINT)])


def _words(page: Page, angle: str) -> str:
    side, joint = angle.split("_", 1)
    return f"{page.text(f'joints.{joint}')} · {page.text(f'sides.{side}')}"
