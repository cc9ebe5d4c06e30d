// What was found in the newest frame, in the way in which skeletons and angles ask for it.

import { arcBetween } from "../player/joint_angles.js";
import { GUESSED, MISSING, SEEN } from "../player/pose_track.js";
import { POINTS, VALUES } from "./rows.js";

const ENOUGH = 0.5; // of visibility and presence

export class LiveTrack {
  constructor({ points, width, height }, mirrored) {
    Object.assign(this, { points, width, height, mirrored, landmarks: POINTS });
    this.people = points.length / this.landmarks / VALUES;
  }

  point(_frame, person, landmark) {
    const at = (person * this.landmarks + landmark) * VALUES;
    const [x, y, , visibility, presence] = this.points.subarray(at, at + 5);
    const seen = visibility >= ENOUGH && presence >= ENOUGH && x >= 0 && y >= 0 && x < this.width && y < this.height;
    const state = Number.isFinite(x) ? (seen ? SEEN : GUESSED) : MISSING;
    return { x: this.mirrored ? this.width - x : x, y, state, visibility: 100 * visibility };
  }

  // Of everybody, degrees at each of the joints and whether all that makes them was seen.
  angles(joints) {
    const angle = (person, landmarks) => {
      const places = landmarks.map((landmark) => this.point(0, person, landmark));
      const { start, end } = arcBetween(...places);
      return { degrees: (Math.abs(end - start) * 180) / Math.PI, seen: places.every(({ state }) => state === SEEN) };
    };
    return Array.from({ length: this.people }, (_, person) => joints.map(({ points }) => angle(person, points)));
  }
}
