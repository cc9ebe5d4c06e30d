// The landmarks of somebody in a region: as `posecore.detection.litert.landmark_model`.

import { POINTS, VALUES } from "../webcam/rows.js";
import { logistic } from "../engine/kernels.js";
import { Region } from "./region.js";

const POINT_NUMBERS = 5; // of a point; after the landmarks come the middle and the topmost point of their circle
const REACH = 3; // cells of the heatmap around a landmark that say where it is
const LEAST_HEAT = 0.5;

export class LandmarkModel {
  constructor(network, minConfidence) {
    Object.assign(this, { network, minConfidence });
  }

  // { body, region }: landmarks and where to look in the next picture; undefined if nobody is there.
  look(picture, region) {
    if (!(region.side > 0)) return undefined;
    const [numbers, [present], , heat, world] = this.network.run(picture, region, true);
    if (!(present > this.minConfidence)) return undefined;
    const heatmap = new Heatmap(heat, numbers.length / POINT_NUMBERS);
    const place = (point) => region.whole(...heatmap.refined(point, ...this.at(numbers, point)));
    const body = new Float32Array(POINTS * VALUES);
    for (let point = 0; point < POINTS; point++) {
      const [z, visibility, presence] = numbers.subarray(point * POINT_NUMBERS + 2, (point + 1) * POINT_NUMBERS);
      const [x, y, deep] = world.subarray(3 * point, 3 * point + 3);
      const depth = (z / this.network.side) * region.side;
      body.set([...place(point), depth, logistic(visibility), logistic(presence), ...region.turned(x, y), deep], point * VALUES);
    }
    return { body, region: Region.around(place(POINTS), place(POINTS + 1)) };
  }

  at(numbers, point) {
    return [0, 1].map((axis) => numbers[point * POINT_NUMBERS + axis] / this.network.side);
  }
}

class Heatmap {
  constructor(heat, points) {
    Object.assign(this, { heat, points, side: Math.sqrt(heat.length / points) });
  }

  // A place moved to the middle of the heat around it, if it is hot there.
  refined(point, x, y) {
    const { heat, points, side } = this;
    const [column, row] = [Math.trunc(x * side), Math.trunc(y * side)];
    const inside = (cell) => cell >= 0 && cell < side;
    if (!inside(column) || !inside(row)) return [x, y];
    let [all, across, down, most] = [0, 0, 0, 0];
    for (let j = Math.max(row - REACH, 0); j <= Math.min(row + REACH, side - 1); j++) {
      for (let i = Math.max(column - REACH, 0); i <= Math.min(column + REACH, side - 1); i++) {
        const warmth = logistic(heat[(j * side + i) * points + point]);
        [all, across, down, most] = [all + warmth, across + warmth * i, down + warmth * j, Math.max(most, warmth)];
      }
    }
    return most >= LEAST_HEAT ? [across / all / side, down / all / side] : [x, y];
  }
}
