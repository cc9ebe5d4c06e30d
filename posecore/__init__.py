"""Human pose estimation on any CPU: pictures in, landmarks, angles, drawings and files out.

from posecore import ImageDetector, decode_image, draw_pose, joint_angles

with ImageDetector() as detector:
    frame = decode_image("photo.jpg")
    pose = detector.detect(frame)
    print(pose.people, joint_angles(pose.xy))
"""

import lazy_loader

# Names are imported when they are first asked for: pandas and MediaPipe take half a second, and a page, a command or a
# worker that does without them should not wait.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
