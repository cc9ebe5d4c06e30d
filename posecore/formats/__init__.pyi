"""What `posecore.formats` offers; `__init__.py` reads this file too."""

from .comparison_tables import comparison_table as comparison_table
from .csv_tables import angle_table as angle_table
from .csv_tables import class_repetition_table as class_repetition_table
from .csv_tables import class_table as class_table
from .csv_tables import landmark_table as landmark_table
from .csv_tables import repetition_table as repetition_table
from .csv_tables import reviewed_repetition_table as reviewed_repetition_table
from .csv_tables import sequence_angle_table as sequence_angle_table
from .csv_tables import sequence_landmark_table as sequence_landmark_table
from .csv_tables import to_csv as to_csv
from .csv_tables import write_csv as write_csv
from .exports import export as export
from .file_formats import FORMATS as FORMATS
from .file_formats import Format as Format
from .gltf_files import glb as glb
from .json_records import class_record as class_record
from .json_records import count_record as count_record
from .json_records import exercise_record as exercise_record
from .json_records import pose_record as pose_record
from .json_records import sequence_record as sequence_record
from .json_records import summary_record as summary_record
from .json_records import to_json as to_json
from .poselab_files import SUFFIX as SUFFIX
from .poselab_files import read_poselab as read_poselab
from .poselab_files import write_poselab as write_poselab
