// A mannequin of usual build that does what somebody before the camera does, picture by picture.

import { Body } from "./body.js";
import { Limbs, SURE } from "./limbs.js";
import { VALUES } from "../webcam/rows.js";

const ENDS = { Arm: "elbow", Hand: "wrist", Leg: "knee", Foot: "ankle" }; // landmarks at the further joints of limbs

export class LiveBody extends Body {
  constructor(three, gltf, landmarks) {
    super(three, gltf);
    this.mixer.stopAllAction();
    this.limbs = new Limbs(three, landmarks);
    this.number = this.limbs.number;
    this.ankle = this.joints.leftFoot.getWorldPosition(new three.Vector3()).y;
    this.root.visible = false;
  }

  // Shows the person in these values of a picture of a width, or nobody.
  show(values, width, time) {
    const rotations = this.limbs.rotations(values, time);
    this.root.visible = Boolean(rotations);
    if (!rotations) return;
    const { hips } = this.joints;
    for (const [name, turn] of Object.entries(rotations)) {
      const parent = rotations[this.joints[name].parent.name];
      this.joints[name].quaternion.copy(parent ? parent.clone().invert().multiply(turn) : turn);
    }
    hips.position.set(this.across(values, width), 0, 0);
    hips.updateWorldMatrix(true, true);
    const low = Math.min(...["left", "right"].map((side) => this.height(`${side}Foot`)));
    hips.position.y = this.ankle - low;
    hips.updateWorldMatrix(true, true);
    this.fadeLimbs(values);
    this.worn?.follow(this);
  }

  moveTo() {} // it shows what was shown last

  height(joint) {
    return this.joints[joint].getWorldPosition(new this.three.Vector3()).y;
  }

  // Metres to the right of the picture's middle, by how long a trunk is in it.
  across(values, width) {
    const place = (name) => [0, 1].map((axis) => values[this.number[name] * VALUES + axis]);
    const middle = (part) => place(`left_${part}`).map((value, axis) => (value + place(`right_${part}`)[axis]) / 2);
    const [hip, shoulder] = [middle("hip"), middle("shoulder")];
    const trunk = Math.hypot(shoulder[0] - hip[0], shoulder[1] - hip[1]);
    return ((hip[0] - width / 2) * this.notes.trunk_m) / Math.max(trunk, 1);
  }

  fadeLimbs(values) {
    const names = Object.keys(this.joints).filter((name) => this.limb(name));
    for (const name of names) {
      const at = this.number[this.limb(name)] * VALUES;
      const seen = values[at + 3] >= SURE && values[at + 4] >= SURE;
      this.opacity.value[this.order.indexOf(name)] = seen ? 1 : this.faint;
    }
  }

  // The landmark at the end of a limb, by which it is seen or guessed.
  limb(name) {
    const [, side, part] = name.match(/^(left|right)\w*?(Arm|Hand|Leg|Foot)$/) ?? [];
    return side && `${side}_${ENDS[part]}`;
  }
}
