// People found in a picture, and followed from picture to picture: as `posecore.detection.litert_engine`.

import { LandmarkModel } from "./landmark_model.js";
import { Network } from "./network.js";
import { PersonDetector } from "./person_detector.js";
import { couldBeBody } from "./plausible_body.js";
import { apart } from "./region.js";
import { Smoother } from "./smoothing.js";

export class Landmarker {
  // `module` is the compiled kernels, `models` by their names; it follows whom it finds unless pictures have nothing to do
  // with each other.
  static async open(module, models, { people, confidence, still }) {
    const looks = await Network.open(module, models["pose_landmarks_detector.tflite"], 0);
    const finds = await Network.open(module, models["pose_detector.tflite"], -1);
    return new Landmarker(new PersonDetector(finds, confidence), new LandmarkModel(looks, confidence), people, confidence, still);
  }

  constructor(detector, model, people, confidence, still) {
    Object.assign(this, { detector, model, people, confidence, still, followed: [], width: 0, last: 0 });
    if (people === 1 && !still) this.smoother = new Smoother();
  }

  // The landmarks of each, a row of numbers; `time` in milliseconds.
  find(picture, time) {
    this.resize(picture.width);
    const had = this.followed.length;
    let seen = this.look(picture);
    if (!seen.length) this.smoother?.beginAnew();
    if (had && !seen.length) seen = this.look(picture); // whoever is lost is looked for in all of the picture
    this.last = Math.max(time, this.last + 1);
    for (const { body, region } of seen) this.smoother?.smooth(body, region.side, this.last / 1000);
    return seen.map(({ body }) => body).filter((body) => this.still || couldBeBody(body, picture));
  }

  look(picture) {
    const seen = [];
    for (const region of this.regions(picture)) {
      const one = this.model.look(picture, region);
      if (one) seen.push(one);
    }
    if (!this.still) this.followed = seen.map(({ region }) => region.rounded());
    return seen;
  }

  // Where people were in the last picture; in all of it too as long as some are missing.
  regions(picture) {
    const anew = this.followed.length < this.people ? this.detector.find(picture) : [];
    const all = this.still ? anew : apart([...this.followed, ...anew], this.confidence);
    return all.slice(0, this.people);
  }

  resize(width) {
    if (this.followed.length && width !== this.width) {
      this.followed = this.followed.map((region) => region.scaled(width / this.width));
      this.smoother?.beginAnew();
    }
    this.width = width;
  }
}
