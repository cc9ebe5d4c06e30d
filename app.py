"""The home page: what PoseLab is, a result at one click, what stays private."""

import json

import streamlit as st

from pages.shared.page import Page, run_page
from pages.shared.photos.inputs import sample_photo, use_sample
from pages.shared.photos.visit_photos import Finding, examine
from pages.shared.plots import show_chart
from pages.shared.resources import image_detector
from posecore.detection.detector_settings import DetectorSettings
from posecore.detection.engines import engine_versions
from posecore.detection.models import FOLDER
from posecore.version import __version__
from posecore.visuals.pose_charts import angle_chart, skeleton_chart
from posecore.visuals.skeleton_drawing import draw_pose

SAMPLE = "two_people"
PHOTO_PAGE = "pages/image.py"


@st.cache_data(show_spinner=False)
def example() -> Finding:
    """The sample that every visitor sees, found once."""
    detector, settings = image_detector(), DetectorSettings()
    detector.warm(settings).result()
    return examine(sample_photo(SAMPLE), detector, settings)


def welcome(page: Page) -> None:
    st.markdown(page.text("home.lead"), width=720)
    with st.container(horizontal=True):
        if st.button(page.text("home.try_sample"), type="primary", icon=":material/play_arrow:"):
            use_sample(SAMPLE)
            st.switch_page(PHOTO_PAGE)
        if st.button(page.text("home.own_photos"), icon=":material/upload:"):
            st.session_state["photo_source"] = "upload"
            st.switch_page(PHOTO_PAGE)


def show_example(page: Page) -> None:
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


def explain_privacy(page: Page) -> None:
    st.subheader(page.text("home.private_title"), anchor=False)
    icons = {"local": ":material/home_pin:", "offline": ":material/wifi_off:", "proof": ":material/verified_user:"}
    for column, (key, icon) in zip(st.columns(3), icons.items(), strict=True):
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{icon} {page.text(f'home.private_{key}_title')}**")
            st.markdown(page.text(f"home.private_{key}"))


def show_facts(page: Page) -> None:
    with st.expander(page.text("home.facts_title")):
        versions = {"PoseLab": __version__, **engine_versions(), "Streamlit": st.__version__}
        st.markdown(" · ".join(f"{name} {version}" for name, version in versions.items()))
        st.markdown(page.text("home.facts_origin"))
        models = json.loads((FOLDER / "manifest.json").read_text("utf-8"))["models"]
        rows = [
            {
                page.text("settings.model"): page.text(f"models.{name}"),
                page.text("home.facts_size"): round(model["bytes"] / 1e6, 1),
                "SHA-256": model["sha256"],
            }
            for name, model in models.items()
        ]
        st.dataframe(rows, hide_index=True)


def show(page: Page) -> None:
    welcome(page)
    show_example(page)
    explain_privacy(page)
    show_facts(page)


run_page("home", show)
