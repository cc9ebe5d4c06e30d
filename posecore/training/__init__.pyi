"""What `posecore.training` offers; `__init__.py` reads this file too."""

from .window_files import write_windows_npz as write_windows_npz
from .window_files import write_windows_parquet as write_windows_parquet
from .window_settings import Missing as Missing
from .window_settings import WindowSettings as WindowSettings
from .windows import Windows as Windows
from .windows import joined as joined
from .windows import windows_of as windows_of
