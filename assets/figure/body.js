// A body that moves: a mannequin of ours (see posecore/formats/gltf_files.py), or a humanoid that it drives.

export const FAINT = 0.35; // of a limb that was guessed
const NO_BODY = "no body";

// Which joint of the mannequin each bone of a humanoid follows; names as VRM, Mixamo and Blender's Rigify have them.
const BONES = {
  hips: ["hips", "pelvis"],
  spine: ["spine"],
  chest: ["upperchest", "chest", "spine2", "spine1", "spine002"],
  neck: ["neck"],
  head: ["head"],
  ...both("UpperArm", ["upperarm", "arm"]),
  ...both("LowerArm", ["lowerarm", "forearm"]),
  ...both("Hand", ["hand"]),
  ...both("UpperLeg", ["upperleg", "upleg", "thigh"]),
  ...both("LowerLeg", ["lowerleg", "leg", "shin", "calf"]),
  ...both("Foot", ["foot"]),
};

function both(joint, words) {
  return Object.fromEntries(["left", "right"].map((side) => [side + joint, words.flatMap((word) => [side + word, word + side[0]])]));
}

export class Body {
  constructor(three, gltf) {
    Object.assign(this, { three, root: gltf.scene, joints: {} });
    gltf.scene.traverse((node) => {
      this.joints[node.name] = node;
      if (!node.isMesh) return;
      node.castShadow = true;
      node.frustumCulled = false; // its bounds are those at rest
      this.fade(node.material);
    });
    this.notes = gltf.scene.userData;
    this.seen = Uint8Array.from(atob(this.notes.seen), (letter) => letter.charCodeAt(0));
    this.mixer = new three.AnimationMixer(gltf.scene);
    this.mixer.clipAction(gltf.animations[0]).play();
    this.times = gltf.animations[0].tracks[0].times;
  }

  // Each joint's parts have an opacity of their own, which a material alone cannot have.
  fade(material) {
    this.opacity ??= { value: new Float32Array(32).fill(1) };
    material.transparent = true;
    material.onBeforeCompile = (shader) => {
      shader.uniforms.jointOpacity = this.opacity;
      shader.vertexShader = shader.vertexShader
        .replace("#include <common>", "#include <common>\nuniform float jointOpacity[32]; varying float vJointOpacity;")
        .replace("#include <skinning_vertex>", "#include <skinning_vertex>\nvJointOpacity = jointOpacity[int(skinIndex.x)];");
      shader.fragmentShader = shader.fragmentShader
        .replace("#include <common>", "#include <common>\nvarying float vJointOpacity;")
        .replace("#include <opaque_fragment>", "#include <opaque_fragment>\ngl_FragColor.a *= vJointOpacity;");
    };
  }

  // The moment of the clip, in seconds.
  moveTo(time) {
    const last = this.times[this.times.length - 1];
    const own = Math.min(Math.max(time - this.notes.begin_s, 0), last);
    this.mixer.setTime(Math.min(own, last - 1e-4)); // at its very end it would begin again
    const { joints, bytes } = this.notes;
    const row = this.row(own);
    for (let joint = 0; joint < joints; joint++) {
      const seen = (this.seen[row * bytes + (joint >> 3)] >> (7 - (joint & 7))) & 1;
      this.opacity.value[joint] = seen ? 1 : FAINT;
    }
    const [first, final] = this.notes.there_s;
    this.root.visible = time >= first - 1e-3 && time <= final + 1e-3; // before and after that nobody is there
    if (this.worn) this.worn.root.visible = this.root.visible;
    this.worn?.follow(this);
  }

  row(time) {
    let [low, high] = [0, this.times.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.times[middle] <= time + 1e-4) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  get place() {
    return this.joints.hips.getWorldPosition(new this.three.Vector3());
  }

  end() {
    this.wear();
    free(this.root);
  }

  // Whose body is shown instead of the mannequin's; nothing takes it off.
  wear(costume) {
    if (this.worn) free(this.worn.root);
    this.worn = costume;
    this.root.traverse((node) => node.isMesh && (node.visible = !costume));
    if (costume) this.root.parent.add(costume.root);
  }
}

// Frees what the graphics processor holds of it.
function free(root) {
  root.removeFromParent();
  root.traverse((node) => {
    node.geometry?.dispose();
    for (const material of [node.material ?? []].flat()) material.dispose();
  });
}

// A humanoid that stands as a T or an A: each of its bones turns in the room as the joint of the mannequin that it follows.
export class Costume {
  constructor(three, gltf) {
    Object.assign(this, { three, root: new three.Group() });
    this.root.add(gltf.scene);
    const vrm = gltf.parser.json.extensions ?? {};
    if (vrm.VRM) gltf.scene.rotation.y = Math.PI; // VRM 0 looks the other way
    this.root.updateMatrixWorld(true);
    this.bones = this.named(gltf, vrm);
    for (const joint of ["hips", "leftUpperArm", "rightUpperArm", "leftUpperLeg", "rightUpperLeg"]) {
      if (!this.bones[joint]) throw new Error(NO_BODY);
    }
    this.rest = Object.fromEntries(Object.entries(this.bones).map(([joint, bone]) => [joint, bone.getWorldQuaternion(new three.Quaternion())]));
    const place = (joint) => this.bones[joint].getWorldPosition(new three.Vector3());
    this.height = place("hips").y - (this.bones.leftFoot ? place("leftFoot").y : 0);
    this.straighten(place);
    gltf.scene.traverse((node) => {
      if (node.isMesh) Object.assign(node, { castShadow: true, frustumCulled: false });
    });
  }

  named(gltf, { VRM, VRMC_vrm: vrm1 }) {
    const nodes = gltf.parser.associations;
    const byNumber = {};
    gltf.scene.traverse((node) => {
      const number = nodes.get(node)?.nodes;
      if (number !== undefined) byNumber[number] ??= node;
    });
    const human = vrm1?.humanoid.humanBones ?? Object.fromEntries((VRM?.humanoid.humanBones ?? []).map((one) => [one.bone, one]));
    const found = {};
    for (const joint of Object.keys(BONES)) if (human[joint]) found[joint] = byNumber[human[joint].node];
    if (Object.keys(human).length) return found;
    const plain = (name) => name.toLowerCase().replace(/^.*:|^mixamorig/, "").replace(/[^a-z0-9]/g, "");
    const byName = {};
    gltf.scene.traverse((node) => (byName[plain(node.name)] ??= node));
    for (const [joint, names] of Object.entries(BONES)) found[joint] = names.map((name) => byName[name]).find(Boolean);
    return found;
  }

  // Arms that hang at rest, as in an A, count as if they had been held out.
  straighten(place) {
    const { Quaternion, Vector3 } = this.three;
    for (const [side, out] of Object.entries({ left: 1, right: -1 })) {
      const [upper, lower, hand] = ["UpperArm", "LowerArm", "Hand"].map((part) => side + part);
      if (!this.bones[lower]) continue;
      const arm = place(lower).sub(place(upper)).normalize();
      const turn = new Quaternion().setFromUnitVectors(arm, new Vector3(out, 0, 0));
      for (const joint of [upper, lower, hand]) this.rest[joint]?.premultiply(turn);
    }
  }

  follow(body) {
    const { Quaternion } = this.three;
    const size = (body.notes.hip_height_m || this.height) / (this.height || 1);
    this.root.scale.setScalar(size);
    for (const joint of Object.keys(BONES)) {
      const bone = this.bones[joint];
      if (!bone) continue;
      const turn = body.joints[joint].getWorldQuaternion(new Quaternion()).multiply(this.rest[joint]);
      bone.parent.updateWorldMatrix(true, false);
      bone.quaternion.copy(bone.parent.getWorldQuaternion(new Quaternion()).invert().multiply(turn));
      if (joint === "hips") bone.position.copy(bone.parent.worldToLocal(body.place));
      bone.updateMatrixWorld(true);
    }
  }
}
