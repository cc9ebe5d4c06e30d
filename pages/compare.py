"""One movement beside another: in step, as a score, and where they part."""

from __future__ import annotations

from pages.shared.compare.inputs import choose_way, two_movements, two_repetitions
from pages.shared.compare.result import show_comparison
from pages.shared.compare.settings import choose_settings
from pages.shared.page import Page, run_page
from pages.shared.resources import workers


def show(page: Page) -> None:
    workers()  # they start while the visitor chooses
    repetitions = choose_way(page) == "repetitions"
    settings = choose_settings(page, repetitions=repetitions)
    sides = two_repetitions(page, settings) if repetitions else two_movements(page, settings)
    if sides:
        show_comparison(page, sides, may_mirror=settings.may_mirror)


run_page("compare", show)
