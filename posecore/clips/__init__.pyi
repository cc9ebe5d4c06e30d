"""What `posecore.clips` offers; `__init__.py` reads this file too."""

from .analysis import AnalysisSettings as AnalysisSettings
from .analysis import analyse as analyse
from .analysis import analyse_and_render as analyse_and_render
from .cluster import Cluster as Cluster
from .cluster import FarLane as FarLane
from .rendering import RenderSettings as RenderSettings
from .rendering import render as render
from .segment_jobs import Progress as Progress
from .segment_jobs import Watch as Watch
