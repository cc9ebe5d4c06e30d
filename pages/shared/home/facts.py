"""Versions, and where the models come from."""

import json

import streamlit as st

from pages.shared.page import Page
from posecore.detection.engines import engine_versions
from posecore.detection.models import FOLDER
from posecore.version import __version__


def show_facts(page: Page) -> None:
    """Versions, models with their checksums, and whose they are."""
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
