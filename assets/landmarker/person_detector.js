// Where people are in a picture: as `posecore.detection.litert.person_detector`.

import { logistic } from "../engine/kernels.js";
import { Region } from "./region.js";

const STRIDES = [[8, 2], [16, 2], [32, 6]]; // pixels between anchors, and how many there are at each place
const ANCHOR_NUMBERS = 12; // of an anchor: middle and size of a box, four points
const SAME = 0.5; // overlap of boxes above which they are around the same person
const CLEAR = 0.25; // below, an anchor says nothing of where somebody is whom another sees more clearly

export class PersonDetector {
  constructor(network, minConfidence) {
    Object.assign(this, { network, minConfidence, anchors: anchors(network.side) });
  }

  // The regions of people, the surest first.
  find(picture) {
    const { width, height } = picture;
    const side = Math.max(width, height);
    const [boxes, scores] = this.network.run(picture, new Region(width / 2, height / 2, side, 0), false);
    const seen = [];
    scores.forEach((score, number) => {
      const one = logistic(score) >= this.minConfidence && this.seen(boxes, number, logistic(score));
      if (one && one.width >= 0 && one.height >= 0) seen.push(one);
    });
    seen.sort((a, b) => b.score - a.score);
    const place = ([x, y]) => [x * side + (width - side) / 2, y * side + (height - side) / 2];
    return oneByOne(seen).map((person) => Region.around(...circle(person).map(place)));
  }

  // What an anchor sees, in parts of the square: a box, and the middle and the topmost point of somebody's circle.
  seen(boxes, number, score) {
    const [anchorX, anchorY] = this.anchors[number];
    const at = (place) => boxes[number * ANCHOR_NUMBERS + place] / this.network.side;
    return {
      score,
      x: at(0) + anchorX,
      y: at(1) + anchorY,
      width: at(2),
      height: at(3),
      points: [4, 6].map((place) => [at(place) + anchorX, at(place + 1) + anchorY]),
    };
  }
}

function anchors(side) {
  return STRIDES.flatMap(([stride, count]) => {
    const places = Math.floor(side / stride);
    const number = (i) => [((i % places) + 0.5) / places, (Math.floor(i / places) + 0.5) / places];
    return Array.from({ length: places ** 2 * count }, (_, i) => number(Math.floor(i / count)));
  });
}

// Anchors together that see the same person.
function oneByOne(seen) {
  const people = [];
  for (let left = seen; left.length; ) {
    const [first] = left;
    const same = (one) => one === first || overlap(one, first) > SAME;
    people.push(left.filter(same));
    left = left.filter((one) => !same(one));
  }
  return people;
}

function overlap(one, other) {
  const shared = (middle, size) =>
    Math.max(
      0,
      Math.min(one[middle] + one[size] / 2, other[middle] + other[size] / 2) -
        Math.max(one[middle] - one[size] / 2, other[middle] - other[size] / 2),
    );
  const both = shared("x", "width") * shared("y", "height");
  return both / (one.width * one.height + other.width * other.height - both);
}

// Both points of somebody's circle, as all anchors together see them that see clearly.
function circle(person) {
  const clear = person.filter(({ score }) => score >= Math.min(CLEAR, person[0].score));
  const weight = clear.reduce((sum, { score }) => sum + score, 0);
  const mean = (point, axis) => clear.reduce((sum, { score, points }) => sum + score * points[point][axis], 0) / weight;
  return [0, 1].map((point) => [mean(point, 0), mean(point, 1)]);
}
