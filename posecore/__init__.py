"""Human pose estimation on any CPU: pictures in, landmarks, angles, drawings and files out.

from posecore import ImageDetector, decode_image, draw_pose, joint_angles

with ImageDetector() as detector:
    frame = decode_image("photo.jpg")
    pose = detector.detect(frame)
    print(pose.people, joint_angles(pose.xy))
"""

from posecore.analysis import AnalysisSettings, analyse, analyse_and_render
from posecore.angles import ANGLES, JOINTS, angles_seen, joint_angles
from posecore.detector import DetectorSettings, ImageDetector, StreamTracker
from posecore.drawing import STYLES, draw_pose
from posecore.errors import Cancelled, LimitError, MediaError, ModelError, PoseError
from posecore.exports import (
    angle_table,
    landmark_table,
    pose_record,
    sequence_angle_table,
    sequence_landmark_table,
    summary_record,
    to_csv,
    to_json,
    to_png,
)
from posecore.images import LIMITS, Limits, decode_image, encode_image
from posecore.models import MODELS, model_path
from posecore.people import assign_identities
from posecore.pose import Pose, PoseSequence
from posecore.rendering import RenderSettings, render
from posecore.skeleton import BONES, COCO17, LANDMARKS, MIRROR
from posecore.version import __version__
from posecore.videos import CLIP_LIMITS, Clip, ClipLimits, probe, read_frames
from posecore.workers import Workers

__all__ = [
    "ANGLES",
    "BONES",
    "CLIP_LIMITS",
    "COCO17",
    "JOINTS",
    "LANDMARKS",
    "LIMITS",
    "MIRROR",
    "MODELS",
    "STYLES",
    "AnalysisSettings",
    "Cancelled",
    "Clip",
    "ClipLimits",
    "DetectorSettings",
    "ImageDetector",
    "LimitError",
    "Limits",
    "MediaError",
    "ModelError",
    "Pose",
    "PoseError",
    "PoseSequence",
    "RenderSettings",
    "StreamTracker",
    "Workers",
    "__version__",
    "analyse",
    "analyse_and_render",
    "angle_table",
    "angles_seen",
    "assign_identities",
    "decode_image",
    "draw_pose",
    "encode_image",
    "joint_angles",
    "landmark_table",
    "model_path",
    "pose_record",
    "probe",
    "read_frames",
    "render",
    "sequence_angle_table",
    "sequence_landmark_table",
    "summary_record",
    "to_csv",
    "to_json",
    "to_png",
]
