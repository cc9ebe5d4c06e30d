// How joints turn, from landmarks, picture by picture: as posecore/figure/limb_rotations.py does it for whole clips.

import { VALUES } from "../webcam/rows.js";

export const SURE = 0.5; // visibility and presence from which a landmark counts as seen
const NATURAL = 0.15; // weight of the natural axis beside that of a limb bent by a right angle
const STRAIGHT = 0.35; // radians to the wrong side: at most that is noise;
const CLEAR = 0.87; // from that it is not
const MOST_BENT = 2.88;
const MOST_TURNED = 1.75; // of a forearm from its middle
const UNSURE_HAND = 0.3;
const STEADY_MS = 100; // over which axes are made steady
const TURN_MS = 50; // over which a limb that makes up for its hinge is
const DAMPED = 0.03;
const SIGNS = { left: 1, right: -1 };

export class Limbs {
  // `landmarks` are the names in the order of rows.
  constructor(three, landmarks) {
    this.three = three;
    this.number = Object.fromEntries(landmarks.map((name, number) => [name, number]));
    this.axes = {}; // of hinges, and turns of forearms and limbs, as they were
    const { Vector3 } = three;
    [this.x, this.y, this.z] = [new Vector3(1, 0, 0), new Vector3(0, 1, 0), new Vector3(0, 0, 1)];
  }

  // Rotations in the room by joint, from the values of one person; undefined where nobody was found.
  rotations(values, time) {
    if (!Number.isFinite(values[0])) return undefined;
    this.values = values;
    const since = Math.min(time - (this.time ?? time), 1000);
    [this.share, this.turnShare] = [STEADY_MS, TURN_MS].map((steady) => 1 - Math.exp(-since / steady));
    this.time = time;
    const { x, y } = this;
    const trunk = this.middle("shoulder").sub(this.middle("hip"));
    const [hips, shoulders, ears] = ["hip", "shoulder", "ear"].map((name) => this.across(name).normalize());
    const face = this.middle("eye").sub(this.at("mouth_left").add(this.at("mouth_right")).divideScalar(2));
    const near = Math.min(Math.max(1 + 2 * ears.dot(shoulders), 0), 1); // no head looks backwards
    const found = {
      hips: this.facing(hips, trunk, x, y),
      spine: this.facing(trunk, hips.clone().add(shoulders), y, x),
      chest: this.facing(shoulders, trunk, x, y),
      neck: this.facing(this.middle("ear").sub(this.middle("shoulder")), shoulders, y, x),
      head: this.facing(ears.clone().multiplyScalar(near).addScaledVector(shoulders, 1 - near), face, x, y),
    };
    for (const [side, sign] of Object.entries(SIGNS)) Object.assign(found, this.arm(found.chest, side, sign), this.leg(found.hips, side));
    return found;
  }

  at(name) {
    const [x, y, z] = this.values.subarray(this.number[name] * VALUES + 5, this.number[name] * VALUES + 8);
    return new this.three.Vector3(x, -y, -z);
  }

  sure(name) {
    const [visibility, presence] = this.values.subarray(this.number[name] * VALUES + 3, this.number[name] * VALUES + 5);
    return Math.min(visibility, presence) >= SURE ? visibility : 0;
  }

  middle(name) {
    return this.at(`left_${name}`).add(this.at(`right_${name}`)).divideScalar(2);
  }

  across(name) {
    return this.at(`left_${name}`).sub(this.at(`right_${name}`));
  }

  // What brings `restFirst` to `first`, and `restSecond` as near to `second` as that lets it be.
  facing(first, second, restFirst, restSecond) {
    const { Matrix4, Quaternion } = this.three;
    const frame = (a, b) => {
      const own = a.clone().normalize();
      const normal = own.clone().cross(b).normalize();
      return new Matrix4().makeBasis(own, normal.clone().cross(own), normal);
    };
    return new Quaternion().setFromRotationMatrix(frame(first, second).multiply(frame(restFirst, restSecond).transpose()));
  }

  arm(chest, side, sign) {
    const { x, y, z } = this;
    const [shoulder, elbow, wrist, index, pinky] = ["shoulder", "elbow", "wrist", "index", "pinky"].map((name) => this.at(`${side}_${name}`));
    const out = x.clone().multiplyScalar(sign);
    const hinge = y.clone().multiplyScalar(-sign);
    const natural = hinge.clone().applyQuaternion(this.swung(chest, elbow.clone().sub(shoulder), out));
    const [upper, lower, axis] = this.hinged(`${side}_elbow`, elbow.clone().sub(shoulder), wrist.clone().sub(elbow), natural);
    const fingers = index.clone().add(pinky).divideScalar(2).sub(wrist);
    const middle = this.facing(lower, axis, out, hinge);
    const sure = Math.min(...["wrist", "index", "pinky"].map((name) => this.sure(`${side}_${name}`)));
    const seen = index.clone().sub(pinky).normalize().applyQuaternion(middle.clone().invert());
    const circle = [seen.dot(z) * sure + UNSURE_HAND, seen.dot(out.clone().cross(z)) * sure];
    const turn = Math.min(Math.max(this.steady(`${side}_hand`, circle), -MOST_TURNED), MOST_TURNED);
    const forearm = new this.three.Quaternion().setFromAxisAngle(lower, turn).multiply(middle);
    return {
      [`${side}UpperArm`]: this.facing(upper, axis, out, hinge),
      [`${side}LowerArm`]: forearm,
      [`${side}Hand`]: this.swung(forearm, fingers, out),
    };
  }

  leg(hips, side) {
    const { x, y, z } = this;
    const [hip, knee, ankle, heel, toe] = ["hip", "knee", "ankle", "heel", "foot_index"].map((name) => this.at(`${side}_${name}`));
    const foot = toe.sub(heel);
    const lateral = knee.clone().sub(ankle).cross(foot).normalize();
    const natural = x.clone().applyQuaternion(hips).add(lateral);
    const [upper, lower, axis] = this.hinged(`${side}_knee`, knee.clone().sub(hip), ankle.clone().sub(knee), natural);
    const down = y.clone().negate();
    return {
      [`${side}UpperLeg`]: this.facing(upper, axis, down, x),
      [`${side}LowerLeg`]: this.facing(lower, axis, down, x),
      [`${side}Foot`]: this.facing(foot, axis, z, x),
    };
  }

  // A frame after the shortest way from where `rest` points in it to the direction.
  swung(frame, direction, rest) {
    const from = rest.clone().applyQuaternion(frame);
    return new this.three.Quaternion().setFromUnitVectors(from, direction.clone().normalize()).multiply(frame);
  }

  // Directions of a limb's two bones, and the axis about which one bends against the other. What a steady axis leaves of
  // the way to the limb's end, the limb makes up for by turning as a whole.
  hinged(name, upper, lower, natural) {
    const [first, last] = [upper, lower].map((bone) => bone.clone().normalize());
    const axis = this.hinge(name, first, last, natural);
    const bent = this.bent(first, last, axis).multiplyScalar(lower.length());
    const turn = this.turnTo(`${name}_turn`, upper, upper.clone().add(bent), lower.clone().sub(bent));
    for (const vector of [first, axis]) vector.applyAxisAngle(turn.clone().normalize(), turn.length());
    const rest = upper.clone().add(lower).addScaledVector(first, -upper.length()).normalize();
    return [first, this.bent(first, rest, axis), axis];
  }

  // Rotation vector, least squares, damped: of a limb whose far end is `off` its place while its near end is not.
  turnTo(name, near, far, off) {
    const units = [this.x, this.y, this.z];
    const size = near.lengthSq() + far.lengthSq();
    const rows = units.map((unit) => {
      const row = unit.clone().multiplyScalar(size * (1 + 2 * DAMPED) + 1e-12);
      for (const end of [near, far]) row.addScaledVector(end, -end.dot(unit));
      return row;
    });
    const pull = far.clone().cross(off);
    const normals = rows.map((_, k) => rows[(k + 1) % 3].clone().cross(rows[(k + 2) % 3]));
    const now = new this.three.Vector3();
    normals.forEach((normal, k) => now.addScaledVector(normal, pull.dot(units[k]) / rows[0].dot(normals[0])));
    this.axes[name] = this.axes[name]?.lerp(now, this.turnShare) ?? now;
    return this.axes[name];
  }

  hinge(name, upper, lower, natural) {
    const plane = upper.clone().cross(lower);
    const bend = Math.atan2(plane.length(), upper.dot(lower));
    const usual = aside(natural, upper);
    const wrong = plane.dot(usual) < 0;
    const sure = wrong ? Math.min(Math.max((bend - STRAIGHT) / (CLEAR - STRAIGHT), 0), 1) : 1;
    const now = plane.multiplyScalar(sure).addScaledVector(usual, NATURAL);
    this.axes[name] = this.axes[name]?.lerp(now, this.share) ?? now;
    return aside(this.axes[name], upper);
  }

  bent(upper, lower, axis) {
    const flat = aside(lower, axis);
    const angle = Math.atan2(upper.clone().cross(flat).dot(axis), upper.dot(flat));
    const kept = angle < -Math.PI / 2 ? MOST_BENT : Math.min(Math.max(angle, 0), MOST_BENT);
    return upper.clone().applyAxisAngle(axis, kept);
  }

  // An angle from a point of a circle, which has no jump from 180 to -180.
  steady(name, [across, up]) {
    const before = (this.axes[name] ??= [across, up]);
    before[0] += this.share * (across - before[0]);
    before[1] += this.share * (up - before[1]);
    return Math.atan2(before[1], before[0]);
  }
}

// The part of a vector at right angles to an axis, of length 1.
function aside(vector, axis) {
  return vector.clone().addScaledVector(axis, -vector.dot(axis)).normalize();
}
