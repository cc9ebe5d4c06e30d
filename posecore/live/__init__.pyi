"""What `posecore.live` offers; `__init__.py` reads this file too."""

from .admission import LEAST_RATE as LEAST_RATE
from .admission import STALLED_S as STALLED_S
from .admission import Gate as Gate
from .admission import Ticket as Ticket
from .admission import measured_capacity as measured_capacity
from .admission import seconds_a_frame as seconds_a_frame
from .admission import streams_served as streams_served
from .following import GHOST_RATE as GHOST_RATE
from .following import LONGEST_S as LONGEST_S
from .following import Followed as Followed
from .following import Reference as Reference
from .history import FASTEST as FASTEST
from .history import MOST_FOLLOWED as MOST_FOLLOWED
from .history import MOST_RECORDED_S as MOST_RECORDED_S
from .labelling import Labelled as Labelled
from .packets import MOST_ROWS as MOST_ROWS
from .packets import row_bytes as row_bytes
from .packets import rows_in as rows_in
from .session import LiveSession as LiveSession
from .session import LiveSettings as LiveSettings
from .session import LiveSnapshot as LiveSnapshot
from .stream_counting import LiveCount as LiveCount
