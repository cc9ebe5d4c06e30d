"""What `posecore.serving` offers; `__init__.py` reads this file too."""

from .http_service import service as service
