// Who is who from frame to frame: whoever is nearest to where somebody was keeps their place.

import { POINTS, VALUES } from "../webcam/rows.js";

const TRUNK = [11, 12, 23, 24];

export class Places {
  constructor(people) {
    this.known = Array.from({ length: people });
  }

  filled(bodies) {
    const points = new Float32Array(this.known.length * POINTS * VALUES).fill(NaN);
    const pairs = bodies.flatMap((one, number) => this.known.map((other, place) => ({ number, place, apart: gap(one, other) })));
    const placed = new Set();
    const taken = new Set();
    for (const { number, place } of pairs.sort((a, b) => a.apart - b.apart)) {
      if (placed.has(number) || taken.has(place)) continue;
      placed.add(number);
      taken.add(place);
      this.known[place] = bodies[number];
      points.set(bodies[number], place * POINTS * VALUES);
    }
    return points;
  }
}

// Between two bodies, in trunks; nobody yet is far from everybody, but nearer than somebody elsewhere.
function gap(one, other) {
  if (!other) return 1.5;
  const between = (i) => Math.hypot(one[i * VALUES] - other[i * VALUES], one[i * VALUES + 1] - other[i * VALUES + 1]);
  const length = Math.hypot(other[11 * VALUES] - other[23 * VALUES], other[11 * VALUES + 1] - other[23 * VALUES + 1]);
  return TRUNK.reduce((sum, i) => sum + between(i), 0) / TRUNK.length / Math.max(length, 1);
}
