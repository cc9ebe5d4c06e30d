"""What `posecore.visuals` offers; `__init__.py` reads this file too."""

from .exercise_report import counted_as as counted_as
from .exercise_report import document as document
from .exercise_report import exercise_report as exercise_report
from .exercise_report import measured as measured
from .exercise_report import own_range_note as own_range_note
from .exercise_report import picture_address as picture_address
from .exercise_report import remarks as remarks
from .exercise_report import section as section
from .exercise_report import uncounted as uncounted
from .pose_charts import CLEAR as CLEAR
from .pose_charts import GRID as GRID
from .pose_charts import angle_chart as angle_chart
from .pose_charts import skeleton_chart as skeleton_chart
from .skeleton_drawing import STYLES as STYLES
from .skeleton_drawing import Style as Style
from .skeleton_drawing import annotated_png as annotated_png
from .skeleton_drawing import changed as changed
from .skeleton_drawing import draw_onto as draw_onto
from .skeleton_drawing import draw_pose as draw_pose
from .skeleton_drawing import to_png as to_png
from .time_curves import angle_curves as angle_curves
from .time_curves import exercise_curve as exercise_curve
from .time_curves import speed_curves as speed_curves
from .time_curves import trajectory_curves as trajectory_curves
