"""What `posecore.figure` offers; `__init__.py` reads this file too."""

from .figure import FASTEST as FASTEST
from .figure import Figure as Figure
from .figure import average_figure as average_figure
from .figure import figure_of as figure_of
from .joints import JOINTS as JOINTS
from .joints import PARENT as PARENT
from .joints import humanoid as humanoid
from .mannequin import COARSE as COARSE
from .mannequin import FINE as FINE
from .mannequin import Mesh as Mesh
from .mannequin import meshes as meshes
from .mannequin import rest_places as rest_places
