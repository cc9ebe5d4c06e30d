// The webcam in this browser: camera, engine and drawing. Only landmarks leave it.

import { JointAngles } from "../player/joint_angles.js";
import { Skeleton, ghostLook, lineWidth } from "../player/skeleton.js";
import { saveBlob } from "../save_blob.js";
import { Awake } from "./awake.js";
import { Engine } from "./engine.js";
import { Kept } from "./kept.js";
import { tellLive } from "./live_events.js";
import { LiveGhost } from "./live_ghost.js";
import { LiveTrack } from "./live_track.js";
import { Packets } from "./packets.js";

const CAMERA_ERRORS = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "in_use",
  AbortError: "in_use",
};
const LOOK_AT_LIGHT_MS = 1000;
const SLOW_MS = 100; // a picture, in which case the server is asked instead
const FIRST = 12; // pictures, of which the first few are always slow
// A module that adds two vectors: WebAssembly SIMD is there where it can be read.
const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];

class Webcam {
  constructor(root, tell) {
    Object.assign(this, { root, tell, running: false, brightness: 128 });
    this.video = root.querySelector("video");
    this.canvas = root.querySelector("canvas");
    this.awake = new Awake();
    this.video.onresize = () => this.fit(); // also when a phone is turned
    this.find("toggle").onclick = () => (this.running ? this.stop() : this.start());
    this.find("save").onclick = () => this.save();
    this.find("cameras").onchange = () => this.openCamera().catch((error) => this.fail(error));
  }

  find(name) {
    return this.root.querySelector(`[data-part=${name}]`);
  }

  update(data) {
    const before = this.data;
    this.data = data;
    this.root.lang = data.language;
    for (const [part, words] of Object.entries(data.words.parts)) this.find(part).ariaLabel = words;
    this.angles = new JointAngles(data, new Float32Array(data.joints.length));
    this.video.style.transform = data.mirrored ? "scaleX(-1)" : "";
    if (before?.reference?.shape !== data.reference?.shape) this.ghost = data.reference && new LiveGhost(data.reference);
    this.label();
    if (!globalThis.WebAssembly?.validate(new Uint8Array(SIMD))) return before || this.giveUp("simd");
    if (data.starts && !before) this.start();
    if (!this.running || !before) return;
    if (before.urls.model !== data.urls.model || before.people !== data.people) this.openEngine();
    if (before.facing !== data.facing) this.openCamera().catch((error) => this.fail(error));
    this.draw();
  }

  // The screen takes the camera's shape, so that a phone's tall picture is large.
  fit() {
    const { videoWidth, videoHeight } = this.video;
    if (videoWidth) this.root.style.setProperty("--shape", videoWidth / videoHeight);
  }

  label() {
    this.find("save").textContent = this.data.words.save;
    this.find("toggle").textContent = this.data.words[this.running ? "stop" : "start"];
  }

  say(words) {
    this.find("status").textContent = words;
  }

  async start() {
    if (!navigator.mediaDevices?.getUserMedia) return this.say(this.data.words.insecure);
    this.running = true;
    this.label();
    this.openEngine(); // loads while the visitor allows the camera
    this.say(this.data.words.allow);
    try {
      await this.openCamera();
    } catch (error) {
      return this.fail(error);
    }
    if (!this.running) return this.closeCamera(); // stopped, or the engine has failed, before the camera was allowed
    this.say(this.ready ? "" : this.data.words.loading);
    this.packets = new Packets(this.data.address, (...news) => this.answered(...news), () => this.lost());
    this.tell("running", true);
    this.awake.keep(true);
    this.follow();
  }

  async openCamera() {
    this.closeCamera();
    const { width, height, facing } = this.data;
    const chosen = this.find("cameras").value;
    const camera = chosen ? { deviceId: { exact: chosen } } : { facingMode: { ideal: facing } };
    this.video.srcObject = await navigator.mediaDevices.getUserMedia({
      video: { ...camera, width: { ideal: width }, height: { ideal: height } },
      audio: false,
    });
    const [track] = this.video.srcObject.getVideoTracks();
    track.onended = () => this.stop(this.data.words.in_use);
    track.onmute = () => this.say(this.data.words.in_use); // a phone's camera, taken by another app
    track.onunmute = () => this.say("");
    await this.video.play();
    await this.listCameras(track.getSettings().deviceId);
  }

  async listCameras(used) {
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
    const select = this.find("cameras");
    select.replaceChildren(...cameras.map(({ deviceId, label }, i) => new Option(label || String(i + 1), deviceId, false, deviceId === used)));
    select.hidden = cameras.length < 2;
  }

  closeCamera() {
    for (const track of this.video.srcObject?.getTracks() ?? []) {
      track.onended = track.onmute = track.onunmute = null;
      track.stop();
    }
    this.video.srcObject = null;
  }

  openEngine() {
    this.engine?.close();
    this.ready = false;
    this.drop();
    this.say(this.data.words.loading);
    this.engine = new Engine(this.data, false, this.find("loading"), (news) => this.heard(news));
  }

  heard(news) {
    if (news.failed) {
      console.warn(news.failed);
      return this.giveUp("failed");
    }
    if (news.points) return this.found(news);
    this.ready = true;
    if (this.packets) this.say("");
  }

  // The engine always has the next picture, so that it never waits for the page, which is busy drawing at times.
  follow() {
    const { video } = this;
    let before = 0;
    const next = async () => {
      if (!this.running) return;
      wait();
      const now = performance.now();
      const another = 2 * now - before; // when it will be there
      before = now;
      if (!this.ready || this.taking || this.engine.isFull || !video.videoWidth) return;
      if (another < this.heardAt + this.last) return; // newer, and in time for the engine
      this.taking = true;
      const picture = await createImageBitmap(video).catch(() => undefined); // the camera has just been closed
      this.taking = false;
      if (!picture || !this.ready) return picture?.close();
      if (!(now - this.lit < LOOK_AT_LIGHT_MS)) [this.lit, this.brightness] = [now, brightness(picture)];
      this.engine.look(picture, now);
    };
    const wait = () => (video.requestVideoFrameCallback ? video.requestVideoFrameCallback(next) : requestAnimationFrame(next));
    wait();
  }

  found({ picture, ...frame }) {
    Object.assign(this, { heardAt: performance.now(), last: frame.took });
    if (!this.running) return picture.close();
    this.picture?.close();
    Object.assign(this, { picture, frame });
    this.root.classList.add("covered");
    const row = { ...frame, brightness: this.brightness };
    this.packets.add(row);
    this.kept?.add(row);
    this.draw();
    this.pace(frame);
    tellLive({ frame: { ...frame, rate: this.times.length, angles: this.measured } });
  }

  // Another way is looked for, if that is left to the page.
  giveUp(why) {
    this.stop(this.data.words.failed);
    this.tell("unable", why);
  }

  pace({ time, took }) {
    this.took = [...(this.took ?? []), took].slice(-FIRST);
    if (!this.judged && this.took.length === FIRST) {
      this.judged = true;
      const typical = [...this.took].sort((a, b) => a - b)[FIRST / 2];
      if (typical > SLOW_MS && this.data.leaves) return this.giveUp("slow");
    }
    this.times = [...(this.times ?? []).filter((one) => one > time - 1000), time];
    this.root.dataset.rate = this.times.length;
    this.root.dataset.ms = took.toFixed(1);
  }

  draw() {
    const { frame, data, canvas } = this;
    if (!frame) return;
    if (canvas.width !== frame.width) canvas.width = frame.width;
    if (canvas.height !== frame.height) canvas.height = frame.height;
    const pen = canvas.getContext("2d");
    const size = [frame.width, frame.height];
    const pixel = frame.width / (canvas.clientWidth || frame.width);
    if (data.style === "skeleton") {
      pen.fillStyle = data.colours.paper;
      pen.fillRect(0, 0, ...size);
    } else this.drawPicture(pen);
    const track = new LiveTrack(frame, data.mirrored);
    const look = { ...data, showGuessed: true, line: lineWidth(size, pixel) };
    const skeleton = new Skeleton(pen, track, 0, look);
    this.measured = track.angles(data.joints);
    for (let person = 0; person < track.people; person++) {
      skeleton.person(person);
      this.angles.values = this.measured[person].map(({ degrees }) => degrees);
      this.angles.draw(pen, track, 0, person, pixel);
      if (track.people > 1) skeleton.number(person, 12 * pixel, size, data.colours.ink);
    }
    const ghost = this.ghost?.over(track, frame.time);
    if (ghost) new Skeleton(pen, ghost, 0, ghostLook(look, data.reference.colour)).person(0);
    this.root.dataset.ghost = this.ghost?.rowAt(frame.time) ?? "";
  }

  // The one in which this was found: the newest may show the next movement already.
  drawPicture(pen) {
    pen.save();
    if (this.data.mirrored) pen.setTransform(-1, 0, 0, 1, this.frame.width, 0);
    pen.drawImage(this.picture, 0, 0);
    pen.restore();
  }

  drop() {
    this.picture?.close();
    this.picture = this.frame = undefined;
    this.root.classList.remove("covered");
    this.canvas.getContext("2d").clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  answered(said, status, newest) {
    if (status === 410) return this.stop();
    this.say("");
    this.kept = undefined;
    this.find("save").hidden = true;
    if (!said) return;
    if (said.followed) this.ghost?.set(said.followed, newest);
    tellLive({ said });
    const shown = this.find("counts");
    shown.hidden = !said.counted.length;
    shown.replaceChildren(...said.counted.map(({ count }) => Object.assign(document.createElement("b"), { textContent: count })));
  }

  // The server cannot be reached: what is found from now on can be saved here.
  lost() {
    this.say(this.data.words.offline);
    this.kept ??= new Kept(this.packets.waiting);
    this.find("save").hidden = false;
  }

  save() {
    saveBlob(new Blob([this.kept.csv(this.data.landmarks)], { type: "text/csv" }), "webcam.landmarks.csv");
  }

  fail(error) {
    this.stop(this.data.words[CAMERA_ERRORS[error.name]] ?? this.data.words.failed);
  }

  stop(words = "") {
    const ran = this.running && this.packets;
    this.running = this.ready = false;
    this.closeCamera();
    this.awake.keep(false);
    this.engine?.close();
    this.packets?.close();
    this.packets = undefined;
    this.drop();
    this.find("loading").hidden = this.find("counts").hidden = true;
    this.label();
    this.say(words);
    if (ran) this.tell("running", false);
  }
}

// 0 to 255, on average.
function brightness(video) {
  const small = Object.assign(document.createElement("canvas"), { width: 16, height: 12 });
  const pen = small.getContext("2d", { willReadFrequently: true });
  pen.drawImage(video, 0, 0, 16, 12);
  const values = pen.getImageData(0, 0, 16, 12).data.filter((_, i) => i % 4 < 3);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const webcams = new WeakMap();

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".webcam");
  if (!webcams.has(root)) webcams.set(root, new Webcam(root, setStateValue));
  const webcam = webcams.get(root);
  webcam.tell = setStateValue;
  webcam.update(data);
  return () => {
    webcam.stop();
    webcam.awake.end();
    webcams.delete(root);
  };
}
