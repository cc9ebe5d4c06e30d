"""A result at one glance: a sample, its skeleton and its charts."""

from functools import partial

import streamlit as st

from pages.shared.page import Page
from pages.shared.photos.inputs import sample_photo
from pages.shared.photos.visit_photos import PREVIEW_SIDE, Finding, examine
from pages.shared.plots import show_chart
from pages.shared.resources import image_detector
from pages.shared.service.folders import app_folder
from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.picture_reading import read_picture
from posecore.visuals.pose_charts import angle_chart, skeleton_chart
from posecore.visuals.skeleton_drawing import draw_pose

SAMPLE = "two_people"


@st.cache_data(show_spinner=False)
def example() -> Finding:
    """The sample that every visitor sees, found once."""
    detector, settings = image_detector(), DetectorSettings()
    detector.warm(settings).result()
    return examine(
        sample_photo(SAMPLE), app_folder(), partial(read_picture, preview_side=PREVIEW_SIDE), detector, settings
    )


def show_example(page: Page) -> None:
    """The sample beside its charts."""
    finding = example()
    assert finding.pose is not None
    left, right = st.columns(2, gap="large")
    with left:
        picture = draw_pose(finding.picture(), finding.pose, selected=0)
        st.image(picture, width="stretch", output_format="JPEG", alt=page.text("home.example_alt"))
        st.caption(page.text("home.example_caption", ms=f"{finding.seconds * 1000:.0f}"))
    with right:
        charts = {"angles": angle_chart, "space": skeleton_chart}
        for name, chart in charts.items():
            figure = chart(finding.pose, 0, language=page.language)
            show_chart(figure, f"example_{name}", page.text(f"photos.{name}_alt"), height=340)
