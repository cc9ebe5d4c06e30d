"""What `posecore.kinematics` offers; `__init__.py` reads this file too."""

from .body_height import LEAST_HEIGHT_M as LEAST_HEIGHT_M
from .body_height import MOST_HEIGHT_M as MOST_HEIGHT_M
from .body_height import metres_per_pixel as metres_per_pixel
from .body_height import pixel_height as pixel_height
from .cleaning import Cleaned as Cleaned
from .cleaning import CleaningSettings as CleaningSettings
from .cleaning import clean as clean
from .cleaning import jumps as jumps
from .clinical_angles import CLINICAL as CLINICAL
from .clinical_angles import SEGMENTS as SEGMENTS
from .clinical_angles import Facing as Facing
from .clinical_angles import FacingVotes as FacingVotes
from .clinical_angles import clinical_angles as clinical_angles
from .clinical_angles import facing as facing
from .clinical_angles import segment_angles as segment_angles
from .joint_angles import ANGLES as ANGLES
from .joint_angles import JOINTS as JOINTS
from .joint_angles import angle_spread as angle_spread
from .joint_angles import angles_seen as angles_seen
from .joint_angles import joint_angles as joint_angles
from .motion import clip_angles as clip_angles
from .motion import range_of_motion as range_of_motion
from .motion import speed as speed
from .motion import symmetry as symmetry
