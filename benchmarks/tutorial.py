"""The way a tutorial does it, to compare with: read with OpenCV, mp.solutions, draw, write with OpenCV.

Runs in an environment of its own with mediapipe 0.10.21, see benchmarks.clips: python tutorial.py CLIP OUT
Prints the frames, and the seconds for reading and finding alone and for everything.
"""

import sys
import time

import cv2
import mediapipe as mp

POSE = mp.solutions.pose
DRAWING = mp.solutions.drawing_utils


def run(clip: str, target: str | None) -> tuple[int, float]:
    """Frames and seconds; without a target nothing is drawn and written."""
    began = time.perf_counter()
    source = cv2.VideoCapture(clip)
    size = int(source.get(cv2.CAP_PROP_FRAME_WIDTH)), int(source.get(cv2.CAP_PROP_FRAME_HEIGHT))
    code = cv2.VideoWriter_fourcc(*"mp4v")
    writer = cv2.VideoWriter(target, code, source.get(cv2.CAP_PROP_FPS), size) if target else None
    frames = 0
    with POSE.Pose(model_complexity=1) as pose:
        while True:
            there, frame = source.read()
            if not there:
                break
            frames += 1
            result = pose.process(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))
            if writer:
                DRAWING.draw_landmarks(frame, result.pose_landmarks, POSE.POSE_CONNECTIONS)
                writer.write(frame)
    if writer:
        writer.release()
    return frames, time.perf_counter() - began


if __name__ == "__main__":
    run(sys.argv[1], None)  # the first time also loads files
    frames, finding = run(sys.argv[1], None)
    _, everything = run(sys.argv[1], sys.argv[2])
    print(frames, finding, everything)
