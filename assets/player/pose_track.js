// What was found in a clip, frame by frame, out of the text in which it comes.

export const decodedFloats = (text) => new Float32Array(bytes(text).buffer);
export const decodedDoubles = (text) => new Float64Array(bytes(text).buffer);

const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

export const MISSING = 0;
export const GUESSED = 1;
export const SEEN = 2;

export class PoseTrack {
  constructor(data) {
    this.times = decodedDoubles(data.times); // seconds
    this.xy = new Float32Array(bytes(data.xy).buffer); // pixels of the clip
    this.state = bytes(data.state);
    this.visibility = bytes(data.visibility); // 0 to 100
    this.people = data.people;
    this.landmarks = data.landmarks;
  }

  get last() {
    return this.times.length - 1;
  }

  // The number of the frame whose time is the nearest.
  nearest(time) {
    let low = 0;
    let high = this.last;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.times[middle] <= time) low = middle;
      else high = middle;
    }
    return time - this.times[low] <= this.times[high] - time ? low : high;
  }

  // A moment in which a frame is surely shown: inside it, for at its edge rounding decides.
  within(number) {
    const frame = Math.min(Math.max(number, 0), this.last);
    const next = frame < this.last ? this.times[frame + 1] : this.times[frame] + 0.02;
    return this.times[frame] + (next - this.times[frame]) * 0.3;
  }

  // Of somebody's landmarks in a frame, undefined where they are not found.
  box(frame, person) {
    const points = Array.from({ length: this.landmarks }, (_, i) => this.point(frame, person, i)).filter(({ state }) => state !== MISSING);
    if (!points.length) return undefined;
    const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
    return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
  }

  // Who is at a point of a frame: of several the one whose box is the smallest.
  under(frame, { x, y }) {
    const boxes = Array.from({ length: this.people }, (_, person) => ({ person, ...this.box(frame, person) }));
    const hit = boxes.filter(({ left, right, top, bottom }) => x >= left && x <= right && y >= top && y <= bottom);
    const area = ({ left, right, top, bottom }) => (right - left) * (bottom - top);
    return hit.sort((a, b) => area(a) - area(b))[0]?.person;
  }

  point(frame, person, landmark) {
    const at = (frame * this.people + person) * this.landmarks + landmark;
    return { x: this.xy[2 * at], y: this.xy[2 * at + 1], state: this.state[at], visibility: this.visibility[at] };
  }
}
