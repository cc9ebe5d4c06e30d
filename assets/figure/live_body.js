// A mannequin of usual build that does what somebody before the camera does, picture by picture.

import { Body, FAINT } from "./body.js";
import { Limbs, SURE } from "./limbs.js";
import { VALUES } from "../webcam/rows.js";

const ENDS = { Arm: "elbow", Hand: "wrist", Leg: "knee", Foot: "ankle" }; // landmarks at the further joints of limbs

export class LiveBody extends Body {
  constructor(three, gltf, landmarks) {
    super(three, gltf);
    this.mixer.setTime(0);
    gltf.scene.updateMatrixWorld(true);
    this.ankle = this.height("leftFoot"); // above the ground, as it stands at rest
    this.mixer.stopAllAction();
    this.parts = loosened(three, gltf.scene, this.notes.names);
    this.limbs = new Limbs(three, landmarks);
    this.number = this.limbs.number;
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
    for (const [name, materials] of Object.entries(this.parts)) {
      const limb = this.limb(name);
      if (!limb) continue;
      const at = this.number[limb] * VALUES;
      const seen = values[at + 3] >= SURE && values[at + 4] >= SURE;
      for (const material of materials) Object.assign(material, { opacity: seen ? 1 : FAINT, transparent: !seen });
    }
  }

  // The landmark at the end of a limb, by which it is seen or guessed.
  limb(name) {
    const [, side, part] = name.match(/^(left|right)\w*?(Arm|Hand|Leg|Foot)$/) ?? [];
    return side && `${side}_${ENDS[part]}`;
  }
}

// The mannequin's parts as meshes of their own on their joints, for none of them bends: they are drawn in half the time
// where no graphics processor is. Returns the materials by joint.
function loosened(three, scene, names) {
  const skinned = [];
  scene.traverse((node) => node.isSkinnedMesh && skinned.push(node));
  const parts = {};
  for (const mesh of skinned) {
    const { position, normal, skinIndex } = mesh.geometry.attributes;
    const corners = new Map();
    for (const corner of mesh.geometry.index.array) {
      const joint = skinIndex.getX(corner);
      if (!corners.has(joint)) corners.set(joint, []);
      corners.get(joint).push(corner);
    }
    for (const [joint, own] of corners) {
      const bone = mesh.skeleton.bones[joint];
      const first = Math.min(...own);
      const count = Math.max(...own) - first + 1;
      const taken = (values) => new three.BufferAttribute(values.array.slice(3 * first, 3 * (first + count)), 3);
      const geometry = new three.BufferGeometry();
      geometry.setAttribute("position", taken(position));
      geometry.setAttribute("normal", taken(normal));
      geometry.setIndex(own.map((corner) => corner - first));
      geometry.applyMatrix4(mesh.skeleton.boneInverses[joint]);
      const material = mesh.material.clone();
      material.onBeforeCompile = () => {};
      material.transparent = false;
      bone.add(new three.Mesh(geometry, material));
      (parts[names[joint]] ??= []).push(material);
    }
    mesh.removeFromParent();
    mesh.geometry.dispose();
  }
  return parts;
}
