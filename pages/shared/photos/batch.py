"""Many photos' results: a table with thumbnails, one of them in full, everything in one ZIP."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.shared.downloads import show_offers
from pages.shared.page import Page, plain
from pages.shared.photos.result import show_finding
from pages.shared.photos.settings import PhotoSettings
from pages.shared.photos.visit_photos import Finding
from pages.shared.resources import reading
from posecore.formats.csv_tables import angle_table, landmark_table, to_csv
from posecore.formats.json_records import to_json
from posecore.media.atomic_files import written_whole
from posecore.media.picture_files import encode_image, jpeg_address, shrink
from posecore.processes.worker_processes import Lane
from posecore.visuals.skeleton_drawing import annotated_png, draw_pose

THUMBNAIL_SIDE = 160


def show_batch(page: Page, findings: Sequence[Finding], settings: PhotoSettings) -> None:
    """The summary of all photos and, below, the one that is chosen in it."""
    _show_counts(page, findings)
    identities = [(f.photo.key, f.photo.name) for f in findings]
    chosen = st.dataframe(
        _summary(page, findings, settings),
        hide_index=True,
        row_height=72,
        height=min(72 * len(findings) + 40, 430),
        on_select="rerun",
        selection_mode="single-cell",
        key=f"photo_summary_{hash(tuple(identities))}",  # a selection of rows holds for these photos alone
        column_config={
            "preview": st.column_config.ImageColumn(page.text("columns.preview"), width="small"),
            "file": page.text("columns.file"),
            "people": st.column_config.TextColumn(page.text("columns.people"), width="small"),
            "time": st.column_config.TextColumn(page.text("columns.time"), width="small"),
            "note": st.column_config.TextColumn(page.text("columns.note"), width="large"),
        },
    )
    good = [f for f in findings if f.pose is not None]
    if good:
        make = partial(make_zip, good, settings, *reading())
        show_offers(page, {"zip": ("poselab-photos.zip", "application/zip", make)}, "zip")
    for row, _column in chosen["selection"]["cells"]:
        st.session_state["chosen_photo"] = identities[row]
    asked = st.session_state.get("chosen_photo")
    shown = findings[identities.index(asked)] if asked in identities else (good or findings)[0]
    st.header(plain(shown.photo.name), anchor=False, divider="gray")
    if asked not in identities:
        st.caption(page.text("photos.choose_row"))
    show_finding(page, shown, settings)


def _show_counts(page: Page, findings: Sequence[Finding]) -> None:
    failed = sum(f.error is not None for f in findings)
    empty = sum(f.pose is not None and f.pose.people == 0 for f in findings)
    counts = {"photos": len(findings), "with_people": len(findings) - failed - empty, "empty": empty, "failed": failed}
    with st.container(horizontal=True):
        for name, count in counts.items():
            st.metric(page.text(f"photos.count_{name}"), count, width=160)


def _summary(page: Page, findings: Sequence[Finding], settings: PhotoSettings) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "preview": [_thumbnail(f, settings) for f in findings],
            "file": [f.photo.name for f in findings],
            "people": [str(int((~f.pose.doubtful).sum())) if f.pose else "–" for f in findings],
            "time": [f"{f.seconds * 1000:.0f}" if f.pose else "–" for f in findings],
            "note": [_note(page, f) for f in findings],
        }
    )


def _note(page: Page, finding: Finding) -> str:
    if finding.error is not None:
        return finding.error.message(page.language)
    assert finding.pose is not None
    if finding.pose.people == 0:
        return page.text("photos.nobody_short")
    guessed = int((~finding.pose.seen).sum())
    return page.text("photos.guessed_short", count=guessed) if guessed else ""


def _thumbnail(finding: Finding, settings: PhotoSettings) -> str:
    if finding.pose is None:
        return ""
    small = shrink(finding.picture(), THUMBNAIL_SIDE * 2)
    picture = shrink(draw_pose(small, finding.pose, settings.style), THUMBNAIL_SIDE)
    return jpeg_address(encode_image(picture, "jpg", 80))


def make_zip(findings: Sequence[Finding], settings: PhotoSettings, folder: Path, lane: Lane) -> Path:
    """Per photo the annotated picture and JSON; for all together one table of landmarks and one of angles."""
    out, drawn = folder / "packed.zip", folder / "drawn.png"
    landmarks: list[pd.DataFrame] = []
    angles: list[pd.DataFrame] = []
    with written_whole(out) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, finding in enumerate(findings, 1):
            pose, name = finding.pose, finding.photo.name
            assert pose is not None
            stem = f"{number:03d}_{_safe_stem(name)}"
            lane.submit(annotated_png, finding.photo.path, pose, settings.style, None, drawn).result()
            archive.write(drawn, f"{stem}.annotated.png", zipfile.ZIP_STORED)
            archive.writestr(f"{stem}.json", to_json(pose, settings.detector.model))
            for tables, table in ((landmarks, landmark_table(pose)), (angles, angle_table(pose))):
                table.insert(0, "file", name)
                tables.append(table)
        archive.writestr("landmarks.csv", to_csv(pd.concat(landmarks)))
        archive.writestr("angles.csv", to_csv(pd.concat(angles)))
    drawn.unlink(missing_ok=True)
    return out


def _safe_stem(name: str) -> str:
    """A name without its ending and without what means something in a path."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", name).rsplit(".", 1)[0]
