"""How clips are looked at for teaching."""

from posecore.clips.analysis import AnalysisSettings

ANALYSIS = AnalysisSettings()
ASKED = "teach_asked"  # of the visit's state: whether the clip is to be looked at
