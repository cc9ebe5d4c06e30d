"""What `posecore.detection` offers; `__init__.py` reads this file too."""

from .detector_settings import CLOSER as CLOSER
from .detector_settings import MOST_PEOPLE as MOST_PEOPLE
from .detector_settings import Closer as Closer
from .detector_settings import DetectorSettings as DetectorSettings
from .engines import FORCED as FORCED
from .engines import Landmarker as Landmarker
from .engines import engine_for as engine_for
from .engines import engine_versions as engine_versions
from .frame_preparation import Prepared as Prepared
from .frame_preparation import prepare as prepare
from .identities import assign_identities as assign_identities
from .image_detector import ImageDetector as ImageDetector
from .image_detector import people_in as people_in
from .litert_engine import LiteRTLandmarker as LiteRTLandmarker
from .mediapipe_engine import MediaPipeLandmarker as MediaPipeLandmarker
from .models import DEFAULT_MODEL as DEFAULT_MODEL
from .models import FOLDER as FOLDER
from .models import MODELS as MODELS
from .models import QUALITIES as QUALITIES
from .models import model_path as model_path
from .picture_reading import ReadPicture as ReadPicture
from .picture_reading import clip_picture as clip_picture
from .picture_reading import read_picture as read_picture
from .picture_reading import save_clip_pictures as save_clip_pictures
from .second_look import torso_distances as torso_distances
from .stream_tracker import StreamTracker as StreamTracker
