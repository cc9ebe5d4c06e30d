"""What `posecore.serving` offers; `__init__.py` reads this file too."""

from .folders import app_folder as app_folder
from .health import CHECK_EVERY_S as CHECK_EVERY_S
from .health import check_parts as check_parts
from .health import health_routes as health_routes
from .health import is_ready as is_ready
from .health import must_work as must_work
from .http_service import ServiceSettings as ServiceSettings
from .http_service import service as service
from .log import log as log
from .log import set_up_log as set_up_log
from .metrics import CLIPS as CLIPS
from .metrics import FRAMES as FRAMES
from .metrics import GAUGES as GAUGES
from .metrics import PHOTOS as PHOTOS
from .metrics import REFUSED as REFUSED
from .metrics import SECONDS as SECONDS
from .metrics import VISITS as VISITS
from .metrics import failed as failed
from .metrics import serve_metrics as serve_metrics
from .metrics import step as step
from .shares import most_megabytes_in_memory as most_megabytes_in_memory
from .shares import shares as shares
