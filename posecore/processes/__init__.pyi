"""What `posecore.processes` offers; `__init__.py` reads this file too."""

from .alive import still_alive as still_alive
from .machine import processor as processor
from .process import WorkerLimits as WorkerLimits
from .worker_processes import Lane as Lane
from .worker_processes import Lanes as Lanes
from .worker_processes import Workers as Workers
