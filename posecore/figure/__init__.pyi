"""What `posecore.figure` offers; `__init__.py` reads this file too."""

from .figure import Figure as Figure
from .figure import figure_of as figure_of
