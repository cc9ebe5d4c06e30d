"""What `posecore.compare` offers; `__init__.py` reads this file too."""

from .comparison import ERROR_DEG as ERROR_DEG
from .comparison import PARTS as PARTS
from .comparison import Comparison as Comparison
from .comparison import Difference as Difference
from .comparison import compare as compare
from .ghost import ghost as ghost
from .movement import CLEANED as CLEANED
from .movement import COMPARED as COMPARED
from .words import comparison_words as comparison_words
from .words import difference_words as difference_words
from .words import joint_name as joint_name
from .words import score_words as score_words
from .words import short_difference_words as short_difference_words
