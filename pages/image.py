"""Photos: people in them, their joint angles, their skeleton in space."""

import streamlit as st

from pages.shared.page import Page, run_page
from pages.shared.photos.inputs import choose_photos, choose_source, invite
from pages.shared.photos.settings import PhotoSettings, choose_settings
from pages.shared.photos.visit_photos import Finding, Photo, examine_all
from pages.shared.resources import image_detector, readers, reading


def examine_with_progress(page: Page, photos: list[Photo], settings: PhotoSettings) -> list[Finding]:
    place = st.empty()

    def show_progress(done: int, seconds_left: float) -> None:
        if len(photos) > 1:
            words = page.text("photos.progress", done=done, total=len(photos), seconds=f"{seconds_left:.0f}")
            place.progress(done / len(photos), words)

    with place, st.spinner(page.text("photos.looking")):
        findings = examine_all(photos, *reading(), image_detector(), settings.detector, show_progress)
    place.empty()
    return findings


def show(page: Page) -> None:
    settings = choose_settings(page)
    source = choose_source(page)
    if source == "device":
        from pages.shared.photos.on_device import show_on_device

        show_on_device(page, settings)
        return
    photos = choose_photos(page, source)
    if not photos:
        if source == "upload":
            invite(page)
        readers().wake()
        image_detector().warm(settings.detector, after_s=1)  # when the page stands there and the visitor chooses
        return
    findings = examine_with_progress(page, photos, settings)
    if len(findings) == 1:
        from pages.shared.photos.result import show_finding  # so that the page can ask for a photo sooner

        show_finding(page, findings[0], settings)
    else:
        from pages.shared.photos.batch import show_batch  # brings pandas, which takes a third of a second

        show_batch(page, findings, settings)


run_page("photos", show)
