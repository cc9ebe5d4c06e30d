"""Where the app begins: the server, and the home page."""

from pathlib import Path

import streamlit as st

if __name__ == "__main__":  # a visitor's page
    from pages.shared.home.welcome import show
    from pages.shared.page import run_page

    run_page("home", show)
else:  # the server looks for what it is to serve
    from pages.shared.service.server import lifespan, routes
    from pages.shared.watched import watch

    watch()
    app = st.App(Path(__file__), routes=routes(), lifespan=lifespan)
