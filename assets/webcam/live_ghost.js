// A reference that is followed: where it would be now, in the place of whoever follows it.

import { MISSING, SEEN, decodedFloats } from "../player/pose_track.js";

const [LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP] = [11, 12, 23, 24];

export class LiveGhost {
  // Of the reference: its `shape`, rows a second, seconds of a round and from one to the next.
  constructor({ shape, rate, duration, period, landmarks }) {
    Object.assign(this, { shape: decodedFloats(shape), rate, duration, period, landmarks });
    this.rows = this.shape.length / landmarks / 2;
  }

  // What the server says, which has heard of frames up to `newest`, milliseconds of this browser's clock.
  set({ began, now }, newest) {
    this.began = began === null ? undefined : newest + 1000 * (began - now);
  }

  // The row of the reference at a frame's time; before the first round and between rounds its first one.
  rowAt(time) {
    if (this.began === undefined) return undefined;
    const since = (time - this.began) / 1000;
    const phase = since < 0 ? 0 : since % this.period;
    return Math.min(phase > this.duration ? 0 : Math.round(phase * this.rate), this.rows - 1);
  }

  // As a track of one person in the place of the first one of another track; undefined where there is nobody.
  over(track, time) {
    const row = this.rowAt(time);
    if (row === undefined || !track.people) return undefined;
    const middle = (a, b) => {
      const [p, q] = [track.point(0, 0, a), track.point(0, 0, b)];
      return { x: (p.x + q.x) / 2, y: (p.y + q.y) / 2, missing: p.state === MISSING || q.state === MISSING };
    };
    const [hips, shoulders] = [middle(LEFT_HIP, RIGHT_HIP), middle(LEFT_SHOULDER, RIGHT_SHOULDER)];
    if (hips.missing || shoulders.missing) return undefined;
    const size = Math.hypot(shoulders.x - hips.x, shoulders.y - hips.y);
    const across = track.mirrored ? -size : size;
    const point = (_frame, _person, landmark) => {
      const at = 2 * (row * this.landmarks + landmark);
      const [x, y] = [hips.x + across * this.shape[at], hips.y + size * this.shape[at + 1]];
      return { x, y, state: Number.isFinite(x + y) ? SEEN : MISSING, visibility: 100 };
    };
    return { people: 1, landmarks: this.landmarks, point };
  }
}
