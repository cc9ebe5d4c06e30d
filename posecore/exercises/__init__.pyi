"""What `posecore.exercises` offers; `__init__.py` reads this file too."""

from .attempts import Attempt as Attempt
from .attempts import Reason as Reason
from .body_measures import DEGREES as DEGREES
from .body_measures import Body as Body
from .exercise import Exercise as Exercise
from .exercise import Fault as Fault
from .exercise_files import LARGEST_BYTES as LARGEST_BYTES
from .exercise_files import exercise_names as exercise_names
from .exercise_files import exercise_text as exercise_text
from .exercise_files import load_exercise as load_exercise
from .own_range import calibrate as calibrate
from .repetitions import RepCounter as RepCounter
from .repetitions import Repetition as Repetition
from .repetitions import count_reps as count_reps
from .repetitions import signal_values as signal_values
from .review import Review as Review
from .review import review_exercise as review_exercise
from .review import reviews_of as reviews_of
from .signal_phases import PhaseTracker as PhaseTracker
