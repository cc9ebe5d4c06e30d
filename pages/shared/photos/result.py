"""One photo's result: the picture beside what was measured in it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.shared.downloads import Offer, show_offers
from pages.shared.page import Page, plain
from pages.shared.people import Pressable, chosen_person, offer_people
from pages.shared.photos.everybody import show_everybody
from pages.shared.photos.settings import PhotoSettings
from pages.shared.photos.visit_photos import Finding
from pages.shared.plots import show_chart
from pages.shared.resources import reading
from posecore.formats.csv_tables import landmark_table, to_csv
from posecore.formats.json_records import to_json
from posecore.pose import Pose
from posecore.skeleton import LANDMARKS
from posecore.visuals.portraits import portraits
from posecore.visuals.pose_charts import angle_chart, skeleton_chart
from posecore.visuals.skeleton_drawing import annotated_png, draw_pose


def show_finding(page: Page, finding: Finding, settings: PhotoSettings) -> None:
    """The annotated picture, and beside it angles, skeleton and landmarks of the chosen person."""
    if finding.error is not None:
        st.error(
            f"**{plain(finding.photo.name)}** — {finding.error.message(page.language)}", icon=":material/broken_image:"
        )
        return
    pose = finding.pose
    assert pose is not None
    width, height = pose.size
    left, right = st.columns([3, 2] if width > height else [1, 1], gap="large")
    person = chosen_person(finding.photo.key, pose.people) if pose.people else None
    with left:
        _show_picture(page, finding, pose, settings, person)
        _offer_downloads(page, finding, pose, settings)
    with right:
        if person is None:
            show_nobody(page)
        else:
            show_person(page, finding.photo.key, pose, person)


def _show_picture(page: Page, finding: Finding, pose: Pose, settings: PhotoSettings, person: int | None) -> None:
    frame = finding.picture()
    drawn = draw_pose(frame, pose, settings.style, person)
    alt = page.text("photos.picture_alt", name=finding.photo.name, count=pose.people)
    if pose.people > 1:
        notes = [page.text("people.doubtful") if doubtful else "" for doubtful in pose.doubtful.tolist()]
        boxes = np.asarray(pose.whole_boxes / (*pose.size, *pose.size), np.float32)
        offer_people(page, finding.photo.key, portraits(frame, pose), notes, Pressable(drawn, alt, boxes))
    else:
        st.image(drawn, width="stretch", output_format="JPEG", alt=alt)
    sure = pose.people - int(pose.doubtful.sum())
    facts = [
        page.text("photos.people", count=sure) if sure else page.text("photos.nobody_short"),
        *([page.text("photos.doubtful_short", count=pose.people - sure)] if sure < pose.people else []),
        f"{pose.size[0]} × {pose.size[1]} px",
        page.text(
            "photos.took", model=page.text(f"models.{settings.detector.model}"), ms=f"{finding.seconds * 1000:.0f}"
        ),
    ]
    st.caption(" · ".join(facts))


def _offer_downloads(page: Page, finding: Finding, pose: Pose, settings: PhotoSettings) -> None:
    stem = finding.photo.name.rsplit(".", 1)[0]
    lane = reading()[1]  # asked for here, since downloads are made outside of the page's thread

    def drawn() -> bytes:
        """The annotated picture at its own size."""
        data: bytes = lane.submit(annotated_png, finding.photo.path, pose, settings.style).result()
        return data

    offers: dict[str, Offer] = {
        "png": (f"{stem}.annotated.png", "image/png", drawn),
        "json": (f"{stem}.json", "application/json", lambda: to_json(pose, settings.detector.model)),
        "csv": (f"{stem}.csv", "text/csv", lambda: to_csv(landmark_table(pose))),
    }
    show_offers(page, offers)


def show_nobody(page: Page) -> None:
    """What helps where nobody was found."""
    st.info(page.text("photos.nobody"), icon=":material/person_search:")
    st.markdown(page.text("photos.nobody_tips"))


def show_person(page: Page, key: str, pose: Pose, person: int) -> None:
    """Angles, skeleton and landmarks of one of the people; `key` is the photo's."""
    if pose.people > 1:
        st.header(page.text("people.number", number=person + 1), anchor=False)
    if pose.doubtful[person]:
        st.warning(page.text("photos.doubtful"), icon=":material/help:")
    guessed = int((~pose.seen[person]).sum())
    names = ["angles", "space", "table", *(["everybody"] if pose.people > 1 else [])]
    angles, space, table, *everybody = st.tabs([page.text(f"photos.tab_{tab}") for tab in names])
    with angles:
        where = st.segmented_control(
            page.text("photos.angles_in"),
            ["picture", "space"],
            format_func=lambda key: page.text(f"photos.angles_in_{key}"),
            default="picture",
            required=True,
            key="angles_in",
            persist_state="session",
            label_visibility="collapsed",
        )
        figure = angle_chart(pose, person, in_space=where == "space", language=page.language)
        show_chart(figure, "angle_chart", page.text("photos.angles_alt"))
    with space:
        figure = skeleton_chart(pose, person, language=page.language)
        show_chart(figure, "space_chart", page.text("photos.space_alt"))
        st.caption(page.text("photos.space_caption"))
    with table:
        _show_table(page, pose, person)
    for tab in everybody:
        with tab:
            show_everybody(page, key, pose)
    if guessed:
        st.caption(page.text("photos.guessed", count=guessed, total=len(LANDMARKS)))


def _show_table(page: Page, pose: Pose, person: int) -> None:
    number = st.column_config.NumberColumn
    data = landmark_table(pose.person(person))
    data["landmark"] = [page.text(f"landmarks.{name}") for name in data["landmark"]]
    data["state"] = np.where(data["guessed"], page.text("charts.guessed"), page.text("charts.seen"))
    shown = ["landmark", "state", "visibility", "x_px", "y_px", "world_x_m", "world_y_m", "world_z_m"]
    looks = data["guessed"].map({True: "opacity: 0.55; font-style: italic", False: ""})
    st.dataframe(
        data[shown].style.apply(lambda _column: looks, axis=0),
        hide_index=True,
        height=460,
        column_config={
            "landmark": page.text("columns.landmark"),
            "state": page.text("columns.state"),
            "visibility": number(
                page.text("columns.visibility"), format="%.2f", help=page.text("columns.visibility_help")
            ),
            **{f"{axis}_px": number(f"{axis} (px)", format="%.1f") for axis in "xy"},
            **{f"world_{axis}_m": number(page.text("columns.world", axis=axis), format="%.3f") for axis in "xyz"},
        },
    )
