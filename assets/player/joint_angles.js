// Angles at joints: an arc and a number, which joint is under a finger, and which is the one of a curve.

import { SEEN } from "./pose_track.js";

const REACH = 22; // pixels of the page within which a click means a joint
const ARC = 26; // of the page

// The joint of one person next to a point of the clip, within `reach`; undefined where there is none.
export function jointAt(track, frame, person, joints, { x, y }, reach) {
  let found;
  let least = reach;
  for (const joint of joints) {
    const place = track.point(frame, person, joint.points[1]);
    const apart = Math.hypot(place.x - x, place.y - y);
    if (place.state === SEEN && apart < least) [found, least] = [joint, apart];
  }
  return found;
}

// From where to where the arc runs, the shorter way, in radians.
export function arcBetween(a, joint, c) {
  const start = Math.atan2(a.y - joint.y, a.x - joint.x);
  let turn = Math.atan2(c.y - joint.y, c.x - joint.x) - start;
  if (turn > Math.PI) turn -= 2 * Math.PI;
  if (turn < -Math.PI) turn += 2 * Math.PI;
  return { start, end: start + turn, back: turn < 0 };
}

// On which side of a joint its number stands, away from the other one of the pair: 1 right, -1 left.
export function outwards(track, frame, person, { points, mirror }) {
  return track.point(frame, person, points[1]).x >= track.point(frame, person, mirror).x ? 1 : -1;
}

export class JointAngles {
  constructor(data, values) {
    this.joints = data.joints; // { name, points: [a, joint, c], side }
    this.chosen = new Set(data.chosen);
    this.values = values; // Float32Array, a row of joints for each frame
    this.colours = data.colours;
  }

  under(point, track, frame, person, pixel) {
    return jointAt(track, frame, person, this.joints, point, REACH * pixel);
  }

  draw(pen, track, frame, person, pixel, marked) {
    this.joints.forEach((entry, column) => {
      const joint = { ...entry, outwards: outwards(track, frame, person, entry) };
      const [a, b, c] = joint.points.map((number) => track.point(frame, person, number));
      if (![a, b, c].every((place) => place.state === SEEN)) return;
      if (joint.name === marked) this.ring(pen, b, pixel);
      if (this.chosen.has(joint.name)) this.arc(pen, a, b, c, joint, this.values[frame * this.joints.length + column], pixel);
    });
  }

  ring(pen, place, pixel) {
    pen.strokeStyle = this.colours.accent;
    pen.lineWidth = 3 * pixel;
    pen.beginPath();
    pen.arc(place.x, place.y, 13 * pixel, 0, 2 * Math.PI);
    pen.stroke();
  }

  arc(pen, a, b, c, joint, degrees, pixel) {
    const { start, end, back } = arcBetween(a, b, c);
    const shortest = Math.min(Math.hypot(a.x - b.x, a.y - b.y), Math.hypot(c.x - b.x, c.y - b.y));
    const radius = Math.min(ARC * pixel, 0.6 * shortest);
    pen.beginPath();
    pen.moveTo(b.x, b.y);
    pen.arc(b.x, b.y, radius, start, end, back);
    pen.closePath();
    pen.fillStyle = this.colours[joint.side];
    pen.globalAlpha = 0.45;
    pen.fill();
    pen.globalAlpha = 1;
    if (Number.isFinite(degrees)) this.number(pen, b, joint.outwards * (radius + 19 * pixel), `${Math.round(degrees)}°`, pixel);
  }

  number(pen, place, aside, words, pixel) {
    pen.font = `600 ${13 * pixel}px sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineWidth = 3.5 * pixel;
    pen.lineJoin = "round";
    pen.strokeStyle = "#fff";
    pen.strokeText(words, place.x + aside, place.y);
    pen.fillStyle = "#10161d";
    pen.fillText(words, place.x + aside, place.y);
  }
}
