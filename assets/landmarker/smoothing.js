// Landmarks of one person smoothed over time: as `posecore.detection.litert.smoothing`.

import { POINTS, VALUES } from "../webcam/rows.js";

const SPEED_CUTOFF = 1; // Hz
const [POINT, WORLD] = [{ first: 0, least: 0.05, beta: 80 }, { first: 5, least: 0.1, beta: 40 }]; // of three numbers each
const VISIBILITY = 3;
const VISIBILITY_SHARE = 0.1; // of every new value

// Of a new value in the smoothed one, so many seconds after the last.
function share(cutoff, seconds) {
  const weight = 2 * Math.PI * seconds * cutoff;
  return weight / (1 + weight);
}

// The One-Euro filter: the quicker a value moves, the less it is smoothed.
// Casiez, Roussel, Vogel: 1 € filter, CHI 2012, https://doi.org/10.1145/2207676.2208639.
class OneEuro {
  constructor({ first, least, beta }) {
    Object.assign(this, { first, least, beta });
  }

  reset() {
    this.last = undefined;
  }

  // In place; speeds are counted in `scale` of the values' units a second.
  smooth(body, time, scale) {
    const raw = this.numbersOf(body);
    const { last } = this;
    const seconds = last && time - last.time;
    if (last && !(seconds > 0)) return;
    const next = { time, raw, speeds: raw.map(() => 0), smoothed: raw };
    if (last) {
      next.speeds = raw.map((value, i) => {
        const change = ((value - last.raw[i]) * scale) / seconds;
        return last.speeds[i] + share(SPEED_CUTOFF, seconds) * (change - last.speeds[i]);
      });
      next.smoothed = raw.map((value, i) => {
        const cutoff = this.least + this.beta * Math.abs(next.speeds[i]);
        return last.smoothed[i] + share(cutoff, seconds) * (value - last.smoothed[i]);
      });
    }
    this.last = next;
    next.smoothed.forEach((value, i) => (body[Math.floor(i / 3) * VALUES + this.first + (i % 3)] = value));
  }

  numbersOf(body) {
    return Float64Array.from({ length: 3 * POINTS }, (_, i) => body[Math.floor(i / 3) * VALUES + this.first + (i % 3)]);
  }
}

export class Smoother {
  constructor() {
    Object.assign(this, { points: new OneEuro(POINT), world: new OneEuro(WORLD) });
  }

  // Forget where landmarks were in the picture; visibility and places in space stay, as in MediaPipe.
  beginAnew() {
    this.points.reset();
  }

  // In place, at a time in seconds.
  smooth(body, side, time) {
    this.points.smooth(body, time, 1 / Math.max(side, 1));
    this.world.smooth(body, time, 1);
    this.visibility ??= body.filter((_, i) => i % VALUES === VISIBILITY);
    this.visibility.forEach((last, i) => {
      const place = i * VALUES + VISIBILITY;
      body[place] = this.visibility[i] = last + VISIBILITY_SHARE * (body[place] - last);
    });
  }
}
