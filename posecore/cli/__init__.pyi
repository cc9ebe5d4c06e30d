"""What `posecore.cli` offers; `__init__.py` reads this file too."""

from .command_line import main as main
