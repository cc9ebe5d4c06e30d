"""Human pose estimation on any CPU: pictures in, landmarks, angles, drawings and files out.

from posecore import ImageDetector, decode_image, draw_pose, joint_angles

with ImageDetector() as detector:
    frame = decode_image("photo.jpg")
    pose = detector.detect(frame)
    print(pose.people, joint_angles(pose.xy))
"""

from posecore.analysis import AnalysisSettings, analyse, analyse_and_render
from posecore.angles import ANGLES, JOINTS, angles_seen, joint_angles
from posecore.clinical import CLINICAL, SEGMENTS, clinical_angles, facing, segment_angles
from posecore.detector import DetectorSettings, ImageDetector, StreamTracker
from posecore.drawing import STYLES, draw_pose
from posecore.errors import Cancelled, ExerciseError, LimitError, MediaError, ModelError, PoseError
from posecore.exercises import Exercise, calibrate, exercise_names, load_exercise
from posecore.exports import (
    angle_table,
    exercise_record,
    landmark_table,
    pose_record,
    repetition_table,
    sequence_angle_table,
    sequence_landmark_table,
    sequence_record,
    summary_record,
    to_csv,
    to_json,
    to_png,
)
from posecore.images import LIMITS, Limits, decode_image, decoded_image, encode_image
from posecore.lengths import metres_per_pixel, pixel_height
from posecore.live import LiveSession, LiveSettings, LiveSnapshot
from posecore.measures import Body
from posecore.models import MODELS, model_path
from posecore.people import assign_identities
from posecore.phases import PhaseTracker
from posecore.pose import Pose, PoseSequence
from posecore.rendering import RenderSettings, render
from posecore.repetitions import RepCounter, Repetition, count_reps, signal_values
from posecore.report import exercise_report
from posecore.review import Review, review_exercise
from posecore.skeleton import BONES, COCO17, LANDMARKS, MIRROR
from posecore.version import __version__
from posecore.videos import CLIP_LIMITS, Clip, ClipLimits, probe, read_frames
from posecore.workers import Workers

__all__ = [
    "ANGLES",
    "BONES",
    "CLINICAL",
    "CLIP_LIMITS",
    "COCO17",
    "JOINTS",
    "LANDMARKS",
    "LIMITS",
    "MIRROR",
    "MODELS",
    "SEGMENTS",
    "STYLES",
    "AnalysisSettings",
    "Body",
    "Cancelled",
    "Clip",
    "ClipLimits",
    "DetectorSettings",
    "Exercise",
    "ExerciseError",
    "ImageDetector",
    "LimitError",
    "Limits",
    "LiveSession",
    "LiveSettings",
    "LiveSnapshot",
    "MediaError",
    "ModelError",
    "PhaseTracker",
    "Pose",
    "PoseError",
    "PoseSequence",
    "RenderSettings",
    "RepCounter",
    "Repetition",
    "Review",
    "StreamTracker",
    "Workers",
    "__version__",
    "analyse",
    "analyse_and_render",
    "angle_table",
    "angles_seen",
    "assign_identities",
    "calibrate",
    "clinical_angles",
    "count_reps",
    "decode_image",
    "decoded_image",
    "draw_pose",
    "encode_image",
    "exercise_names",
    "exercise_record",
    "exercise_report",
    "facing",
    "joint_angles",
    "landmark_table",
    "load_exercise",
    "metres_per_pixel",
    "model_path",
    "pixel_height",
    "pose_record",
    "probe",
    "read_frames",
    "render",
    "repetition_table",
    "review_exercise",
    "segment_angles",
    "sequence_angle_table",
    "sequence_landmark_table",
    "sequence_record",
    "signal_values",
    "summary_record",
    "to_csv",
    "to_json",
    "to_png",
]
