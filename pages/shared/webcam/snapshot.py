"""The way out where live pictures cannot come through: single pictures from the same camera."""

from __future__ import annotations

import streamlit as st

from pages.shared.page import Page
from pages.shared.photos.inputs import take_snapshot
from pages.shared.photos.result import show_finding
from pages.shared.photos.settings import PhotoSettings
from pages.shared.photos.visit_photos import examine_all
from pages.shared.resources import image_detector, reading
from pages.shared.webcam.settings import WebcamSettings
from pages.shared.webcam.ways import choose_snapshots
from posecore.detection.detector_settings import DetectorSettings


def offer_snapshots(page: Page) -> None:
    """A button that leads to single pictures."""
    st.button(page.text("webcam.use_snapshots"), icon=":material/photo_camera:", on_click=choose_snapshots)


def show_snapshot(page: Page, settings: WebcamSettings) -> None:
    """Take a picture; see the same overlay and angles as live."""
    photos = take_snapshot(page)
    if photos:
        detector = DetectorSettings(settings.live.model, people=1, min_confidence=settings.live.min_confidence)
        finding = examine_all(photos, *reading(), image_detector(), detector, lambda _done, _seconds: None)[0]
        show_finding(page, finding, PhotoSettings(detector, settings.live.style))
