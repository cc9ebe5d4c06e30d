// People of a clip as figures on a floor: turned, zoomed and followed by the visitor, at the moment that the player shows.

import { Body, Costume } from "./body.js";
import { hearTime } from "./clip_time.js";
import { LiveBody } from "./live_body.js";
import { hearLive } from "../webcam/live_events.js";
import { VALUES } from "../webcam/rows.js";

const MOST_BYTES = 60e6; // of a body that somebody brings
const FAR = 4.3; // metres from which somebody is looked at
const EYE = 0.85; // metres above the ground
const GRID = { half: 8, step: 0.5 }; // metres
const LIVE_GRID = { half: 3, step: 1 };
const VIEWS = { front: 0, side: 90, back: 180 }; // degrees around
const SLOW_MS = 40; // of drawing, from which there are no shadows and fewer pixels
const LIVE_MS = 30; // between pictures of somebody live, for the engine needs the processor
const COARSE = 0.6; // pixels a point of the screen, live where no graphics processor draws
const SOFTWARE = /swiftshader|llvmpipe|software|basic render/i;
const FIRST = 6; // pictures that say how fast it is

class FigureView {
  constructor(root) {
    Object.assign(this, { root, bodies: [], time: 0, drawn: [] });
    this.canvas = root.querySelector("canvas");
    this.quiet = [hearTime((time) => this.player(time)), hearLive(({ frame }) => frame && this.live(frame))];
    this.find("play").onclick = () => this.play(!this.playing);
    this.find("moment").oninput = ({ target }) => (this.play(false), this.moveTo(Number(target.value)));
    this.find("follow").onchange = () => this.ask();
    this.find("file").onchange = ({ target }) => this.bring(target);
    this.find("own").onclick = () => this.wear();
    for (const button of root.querySelectorAll("[data-view]")) button.onclick = () => this.look(VIEWS[button.dataset.view]);
    this.size = new ResizeObserver(() => this.fit());
    this.size.observe(this.canvas);
  }

  find(name) {
    return this.root.querySelector(`[data-part=${name}]`);
  }

  async update(data) {
    this.data = data;
    this.label(data);
    this.measured();
    const wanted = String(data.figures);
    if (this.wanted === wanted) return this.ask();
    this.wanted = wanted;
    try {
      await (this.opening ??= this.open());
      await this.load(data.figures);
    } catch (error) {
      console.warn(error);
      this.say(this.three ? data.words.failed : data.words.no_webgl);
    }
    this.find("moment").parentElement.hidden = !this.bodies.length;
  }

  label({ words, alone, landmarks }) {
    for (const button of this.root.querySelectorAll("[data-view]")) button.textContent = words[button.dataset.view];
    this.find("follow_text").textContent = words.follow;
    this.find("body").textContent = words.body;
    this.find("own").textContent = words.own;
    this.canvas.ariaLabel = words.picture;
    this.find("moment").ariaLabel = words.seek;
    this.find("play").textContent = words[this.playing ? "pause" : "play"];
    for (const part of ["play", "moment"]) this.find(part).hidden = !alone || Boolean(landmarks);
  }

  say(words) {
    this.find("status").textContent = words;
  }

  async open() {
    const three = await import(new URL(this.data.three, document.baseURI).href);
    this.renderer = new three.WebGLRenderer({ canvas: this.canvas, antialias: !this.data.landmarks, alpha: true });
    this.renderer.shadowMap.enabled = !this.data.landmarks;
    this.slow = Boolean(this.data.landmarks) && SOFTWARE.test(rendererOf(this.renderer.getContext()));
    this.three = three;
    this.scene = new three.Scene();
    this.camera = new three.PerspectiveCamera(32, 1, 0.05, 100);
    this.light(three);
    this.orbit = new three.OrbitControls(this.camera, this.canvas);
    Object.assign(this.orbit, { minDistance: 0.8, maxDistance: 20, maxPolarAngle: Math.PI / 2 - 0.02, enablePan: false });
    this.orbit.addEventListener("change", () => this.ask());
    this.canvas.addEventListener("keydown", (event) => this.key(event));
  }

  light(three) {
    const sun = new three.DirectionalLight(0xffffff, 2.2);
    sun.position.set(1.5, 4, 2.5);
    sun.castShadow = true;
    sun.shadow.mapSize.set(1024, 1024);
    Object.assign(sun.shadow.camera, { left: -4, right: 4, top: 4, bottom: -4 });
    sun.shadow.radius = 5;
    const floor = new three.Mesh(new three.PlaneGeometry(60, 60), new three.ShadowMaterial({ opacity: 0.28 }));
    floor.rotation.x = -Math.PI / 2;
    floor.receiveShadow = true;
    this.sun = sun;
    this.scene.add(new three.HemisphereLight(0xffffff, 0xb8c0cc, 2), sun, sun.target, grid(three, this.data.landmarks ? LIVE_GRID : GRID));
    if (!this.data.landmarks) this.scene.add(floor); // which shows nothing but shadows
  }

  async load(urls) {
    const bar = this.root.querySelector("progress");
    bar.hidden = false;
    for (const body of this.bodies) body.end();
    this.bodies = [];
    const loader = new this.three.GLTFLoader();
    try {
      for (const url of urls) {
        const gltf = await loader.loadAsync(new URL(url, document.baseURI).href);
        const { landmarks } = this.data;
        if (this.wanted !== String(urls) || this.ended) return; // others are wanted meanwhile
        const body = landmarks ? new LiveBody(this.three, gltf, landmarks) : new Body(this.three, gltf);
        const place = new this.three.Group();
        place.add(body.root);
        this.scene.add(place);
        this.bodies.push(body);
      }
    } finally {
      bar.hidden = true;
    }
    const [first] = this.bodies;
    if (!first) return;
    Object.assign(this.find("moment"), { min: first.notes.begin_s, max: first.notes.begin_s + first.times[first.times.length - 1] });
    this.measured();
    this.moveTo(this.time || first.notes.begin_s);
    this.look(VIEWS.front);
  }

  // How well the chosen figure holds together.
  measured() {
    const notes = this.chosen && !this.data.landmarks ? this.chosen.notes : undefined;
    const words = notes ? this.data.words[notes.jumps ? "measured_jumps" : "measured"] : "";
    const values = { slide: notes?.slide_cm_s, turn: notes?.largest_turn_deg, jumps: notes?.jumps };
    this.find("measured").textContent = words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  get chosen() {
    return this.bodies[this.data.chosen] ?? this.bodies[0];
  }

  player(time) {
    if (!this.data?.alone && time !== this.time) this.moveTo(time);
  }

  // Whoever was found in a picture of the camera; not more often than there is time for.
  live({ points, width, time }) {
    if (!this.data?.landmarks || time - this.time < LIVE_MS) return;
    this.time = time;
    const { landmarks, mirrored } = this.data;
    const values = landmarks.length * VALUES;
    this.bodies.forEach((body, person) => {
      const own = points.subarray(person * values, (person + 1) * values);
      body.show(own.length ? own : new Float32Array(1).fill(NaN), width, time);
      body.root.parent.scale.x = mirrored ? -1 : 1;
    });
    this.root.dataset.time = time.toFixed(0);
    this.ask();
  }

  moveTo(time) {
    this.time = time;
    this.find("moment").value = time;
    this.root.dataset.time = time.toFixed(3);
    this.ask();
  }

  play(on) {
    this.playing = on;
    this.label(this.data);
    const begun = performance.now() - 1000 * (this.time - Number(this.find("moment").min));
    const step = (now) => {
      if (!this.playing || this.ended) return;
      const { min, max } = this.find("moment");
      this.moveTo(Number(min) + (((now - begun) / 1000) % (max - min)));
      requestAnimationFrame(step);
    };
    if (on) requestAnimationFrame(step);
  }

  // From `degrees` around whoever is followed.
  look(degrees) {
    if (!this.bodies.length) return;
    this.chosen.moveTo(this.time);
    const { x, z } = this.chosen.place;
    const angle = this.three.MathUtils.degToRad(degrees);
    this.camera.position.set(x + FAR * Math.sin(angle), EYE + 0.25, z + FAR * Math.cos(angle));
    this.orbit.target.set(x, EYE, z);
    this.orbit.update();
    this.ask();
  }

  key({ key }) {
    const turn = { ArrowLeft: -0.15, ArrowRight: 0.15 }[key];
    if (!turn) return;
    const away = this.camera.position.clone().sub(this.orbit.target).applyAxisAngle(new this.three.Vector3(0, 1, 0), turn);
    this.camera.position.copy(this.orbit.target).add(away);
    this.orbit.update();
  }

  fit() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!this.renderer || !width) return;
    this.renderer.setPixelRatio(this.slow ? (this.data.landmarks ? COARSE : 1) : Math.min(devicePixelRatio, 2));
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    this.ask();
  }

  // One picture, with the next one of the screen.
  ask() {
    if (this.asked || this.ended || !this.bodies.length || !this.canvas.clientWidth) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      if (!this.ended) this.draw();
    });
  }

  draw() {
    const began = performance.now();
    if (this.canvas.width === 300 && this.canvas.height === 150) this.fit();
    for (const body of this.bodies) body.moveTo(this.time);
    if (this.find("follow").checked) this.follow();
    this.renderer.render(this.scene, this.camera);
    if (this.drawn.length < FIRST) this.renderer.getContext().finish(); // only then is it known how long it takes
    this.pace(performance.now() - began);
  }

  follow() {
    const { x, z } = this.chosen.place;
    const moved = new this.three.Vector3(x - this.orbit.target.x, 0, z - this.orbit.target.z);
    this.orbit.target.add(moved);
    this.camera.position.add(moved);
    this.camera.lookAt(this.orbit.target);
    this.sun.position.set(x + 1.5, 4, z + 2.5);
    this.sun.target.position.set(x, 0, z);
  }

  pace(ms) {
    this.root.dataset.ms = ms.toFixed(1);
    if (this.drawn.length === FIRST) return;
    this.drawn.push(ms);
    if (this.slow || this.drawn.length < FIRST || [...this.drawn].sort((a, b) => a - b)[FIRST / 2] < SLOW_MS) return;
    this.slow = true;
    this.renderer.shadowMap.enabled = false;
    this.scene.traverse((node) => node.material && (node.material.needsUpdate = true));
    this.fit();
  }

  // A body of the visitor's, read here and sent nowhere.
  async bring(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    this.say("");
    try {
      if (file.size > MOST_BYTES) throw new Error(`${file.size} bytes`);
      const gltf = await new this.three.GLTFLoader(ownOnly(this.three)).parseAsync(await file.arrayBuffer(), "");
      this.wear(new Costume(this.three, gltf));
    } catch (error) {
      console.info(error);
      this.say(this.data.words.no_body);
    }
  }

  wear(costume) {
    this.chosen.wear(costume);
    this.find("own").hidden = !costume;
    this.root.dataset.worn = Boolean(costume);
    this.ask();
  }

  end() {
    this.ended = true;
    for (const end of this.quiet) end();
    this.size.disconnect();
    this.orbit?.dispose();
    this.renderer?.dispose();
    this.renderer?.forceContextLoss(); // of which a browser has few
  }
}

// A stranger's file may name pictures elsewhere, which would tell others that it was opened: only its own are read.
function ownOnly(three) {
  const manager = new three.LoadingManager();
  manager.setURLModifier((url) => (/^(blob|data):/.test(url) ? url : "data:,"));
  return manager;
}

function rendererOf(gl) {
  const names = gl.getExtension("WEBGL_debug_renderer_info");
  return String(gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
}

// Lines of short pieces, for one that passes beside the camera is left out by some browsers as a whole.
function grid(three, { half, step }) {
  const points = [];
  for (let line = -half; line <= half; line += step) {
    for (let along = -half; along < half; along += step) {
      const next = along + step;
      points.push([along, line, next, line], [line, along, line, next]);
    }
  }
  const ends = points.flatMap(([x, z, toX, toZ]) => [new three.Vector3(x, -0.002, z), new three.Vector3(toX, -0.002, toZ)]);
  const look = new three.LineBasicMaterial({ color: 0x8a94a3, transparent: true, opacity: 0.28, depthWrite: false });
  return new three.LineSegments(new three.BufferGeometry().setFromPoints(ends), look);
}

const views = new WeakMap();

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".figure");
  if (!views.has(root)) views.set(root, new FigureView(root));
  root.view = views.get(root);
  root.view.update(data);
  return () => {
    root.view.end();
    views.delete(root);
  };
}
