// Whether a figure can be a body, and is not what is seen in an empty scene: as `posecore.detection.plausible_bodies`.

import { POINTS, VALUES } from "../webcam/rows.js";

const LEAST_TORSO = 0.02; // parts of the picture's longer side
const [LEAST_PART, MOST_PART] = [0.2, 0.5]; // of the whole figure that its torso has
const SMALL_TORSO = 60; // pixels; larger figures may be foreshortened
const [SHOULDERS, HIPS] = [[11, 12], [23, 24]];

export function couldBeBody(body, { width, height }) {
  const at = (point) => [body[point * VALUES], body[point * VALUES + 1]];
  const middle = ([left, right]) => [0, 1].map((axis) => (at(left)[axis] + at(right)[axis]) / 2);
  const [shoulders, hips] = [middle(SHOULDERS), middle(HIPS)];
  const torso = Math.hypot(shoulders[0] - hips[0], shoulders[1] - hips[1]);
  if (torso < LEAST_TORSO * Math.max(width, height)) return false;
  if (torso >= SMALL_TORSO) return true;
  const points = Array.from({ length: POINTS }, (_, point) => at(point));
  const reach = (axis) => Math.max(...points.map((point) => point[axis])) - Math.min(...points.map((point) => point[axis]));
  const whole = Math.max(reach(0), reach(1));
  return torso > LEAST_PART * whole && torso < MOST_PART * whole;
}
