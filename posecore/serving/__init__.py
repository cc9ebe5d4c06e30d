"""posecore over HTTP: pictures in, landmarks out at once; clips in, jobs with results to fetch.

Knows nothing of Streamlit; the app's own routes stand beside its pages.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
