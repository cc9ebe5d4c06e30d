// A clip with its skeleton drawn over it, tied to every chart in the element `charts`: a cursor runs along them and a
// click on a curve moves the clip. Only what chooses curves and styles asks the server.

import { ChartCursors } from "./chart_cursors.js";
import { JointAngles } from "./joint_angles.js";
import { keyAction } from "./keys.js";
import { Loop, loopedTo } from "./loop.js";
import { Panels } from "./panels.js";
import { PoseTrack, decodedFloats } from "./pose_track.js";
import { RepetitionStrip } from "./repetition_strip.js";
import { Skeleton, ghostLook, lineWidth } from "./skeleton.js";
import { Zoom } from "./zoom.js";
import { tellTime } from "../figure/clip_time.js";

const FAR = 0.5; // seconds from the nearest frame, beyond which nothing was looked at
const NEARER = 1.5; // by which a press on the buttons zooms

class Player {
  constructor(root, tell) {
    this.root = root;
    this.video = root.querySelector("video");
    this.canvas = root.querySelector("canvas");
    this.frame = 0;
    this.tell = tell;
    this.listeners = new AbortController();
    const { signal } = this.listeners;
    this.cursors = new ChartCursors((time, joint) => this.fromChart(time, joint));
    this.strip = new RepetitionStrip(root.querySelector(".reps"), (repetition) => this.choose(repetition));
    this.loop = new Loop(root.querySelector(".timeline .loop"));
    this.zoom = new Zoom(root.querySelector(".stage"), this.video.parentElement, signal, () => this.draw());
    this.panels = new Panels(root, signal);
    this.listen();
    this.size = new ResizeObserver(() => this.draw());
    this.size.observe(this.canvas);
    this.followFrames();
    this.followTime();
  }

  listen() {
    const on = (target, name, react) => target.addEventListener(name, react, { signal: this.listeners.signal });
    const click = (part, react) => on(this.find(part), "click", react);
    on(this.video, "error", () => this.video.src && this.tell.state("unplayable", this.data.key));
    on(this.video, "loadeddata", () => this.show());
    on(this.video, "play", () => this.root.classList.add("playing"));
    on(this.video, "pause", () => this.root.classList.remove("playing"));
    on(this.video, "ended", () => this.goOn());
    on(this.video, "seeked", () => this.video.requestVideoFrameCallback || this.show());
    on(this.canvas, "click", (event) => this.press(event));
    for (const part of ["toggle", "back", "forward", "closer", "farther", "full"]) click(part, () => this[part]());
    click("loop_start", () => this.loopStart());
    click("loop_end", () => this.loopEnd());
    click("loop_repetition", () => this.loopRepetition());
    click("loop_off", () => this.setLoop({}));
    on(this.find("speed"), "change", (event) => (this.video.playbackRate = Number(event.target.value)));
    on(this.find("style"), "change", (event) => (this.draw(), this.tell.state("style", event.target.value)));
    for (const part of ["guessed", "arcs", "path"]) on(this.find(part), "change", () => this.draw());
    on(this.find("seek"), "input", (event) => this.seek(Number(event.target.value)));
    on(document, "keydown", (event) => this.key(event));
    on(document, "fullscreenchange", () => this.fit(this.data));
  }

  followFrames() {
    if (!this.video.requestVideoFrameCallback) return;
    const watch = (_, meta) => {
      this.show(meta.mediaTime);
      if (!this.listeners.signal.aborted) this.video.requestVideoFrameCallback(watch);
    };
    this.video.requestVideoFrameCallback(watch);
  }

  followTime() {
    const tick = () => {
      this.repeat();
      this.link();
      if (!this.listeners.signal.aborted) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  find(name) {
    return this.root.querySelector(`[data-part=${name}]`);
  }

  update(data) {
    if (this.data && this.data.key !== data.key) this.leaveClip();
    this.data = data;
    this.track = new PoseTrack(data);
    this.ghost = data.ghost && new PoseTrack({ ...data, ...data.ghost, people: 1, visibility: data.ghost.state });
    this.angles = new JointAngles(data, decodedFloats(data.angles));
    if (this.video.getAttribute("src") !== data.url) {
      this.video.src = data.url;
      this.frame = 0;
      if (data.plays) this.playByItself();
    }
    this.fit(data);
    this.label(data);
    for (const part of this.root.querySelectorAll(".overlay-only")) part.hidden = data.drawn;
    this.find("looks").hidden = data.drawn;
    this.strip.fill(data.repetitions, data.strip);
    this.find("loop_repetition").hidden = !data.repetitions.length;
    if (data.repeats) this.repeatAll();
    else this.setLoop(this.loop.span);
  }

  // What was found, again and again, from its beginning; once for each part.
  repeatAll() {
    const { times, last } = this.track;
    if (this.repeated?.start === times[0] && this.repeated.end === times[last]) return this.draw();
    this.repeated = { start: times[0], end: times[last] };
    this.setLoop(this.repeated);
    this.seekFrame(0);
  }

  // Not where somebody asked for less motion.
  playByItself() {
    Object.assign(this.video, { muted: true, loop: true });
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) this.video.play().catch(() => undefined);
  }

  leaveClip() {
    this.loop.set({});
    this.zoom.reset();
    this.marked = undefined;
  }

  fit({ size: [width, height], height: share }) {
    const screen = this.video.parentElement;
    screen.style.aspectRatio = `${width} / ${height}`;
    const room = this.filling ? "(100dvh - var(--controls))" : `${share}vh`;
    screen.style.width = `min(100%, calc(${room} * ${width / height}))`;
    const seek = this.find("seek");
    seek.min = this.track.times[0];
    seek.max = this.track.times[this.track.last];
  }

  label(data) {
    for (const [name, text] of Object.entries(data.texts)) {
      const part = this.find(name);
      if (part.matches("option, span, .panel button")) part.textContent = text;
      else part.title = text;
      if (!part.matches("span, option, .panel button, .panel label *")) part.setAttribute("aria-label", text);
    }
    const style = this.find("style");
    if (style.dataset.chosen !== data.style) style.value = style.dataset.chosen = data.style;
    this.offerPaths(data.paths);
    this.explainKeys(data.keys);
  }

  offerPaths(paths) {
    const select = this.find("path");
    const chosen = select.value;
    select.replaceChildren(...paths.map(([landmark, name]) => new Option(name, landmark)));
    select.value = paths.some(([landmark]) => String(landmark) === chosen) ? chosen : "";
  }

  explainKeys(keys) {
    const list = this.root.querySelector("[data-panel=keys]");
    const cell = (kind, text) => Object.assign(document.createElement(kind), { textContent: text });
    list.replaceChildren(...keys.flatMap(([key, words]) => [cell("dt", key), cell("dd", words)]));
  }

  // A press on the picture: a joint's curve where one is, another person where one is, else play or pause; not at the end
  // of a drag.
  press(event) {
    if (this.zoom.dragged) return;
    const joint = this.data.drawn ? undefined : this.jointUnder(event);
    if (!joint) {
      const person = this.track.under(this.frame, this.pointOf(event));
      if (person === undefined || person === this.data.person) this.toggle();
      else this.tell.trigger("person", person);
      return;
    }
    this.marked = joint.name;
    this.draw();
    this.tell.trigger("joint", joint.name);
  }

  jointUnder(event) {
    const pixel = this.data.size[0] / this.canvas.getBoundingClientRect().width;
    return this.angles.under(this.pointOf(event), this.track, this.frame, this.data.person, pixel);
  }

  pointOf(event) {
    const box = this.canvas.getBoundingClientRect();
    const pixel = this.data.size[0] / box.width;
    return { x: (event.clientX - box.left) * pixel, y: (event.clientY - box.top) * pixel };
  }

  fromChart(time, joint) {
    this.marked = joint ?? this.marked;
    this.seek(time);
    this.draw();
  }

  choose(repetition) {
    this.video.pause();
    if (this.loop.on) this.setLoop({ start: repetition.start, end: repetition.end });
    this.seek(repetition.turn);
  }

  toggle() {
    if (this.video.paused) this.video.play();
    else this.video.pause();
  }

  back() {
    this.step(-1);
  }

  forward() {
    this.step(1);
  }

  step(by) {
    this.video.pause();
    this.seekFrame(this.frame + by);
  }

  slower() {
    this.changeSpeed(-1);
  }

  faster() {
    this.changeSpeed(1);
  }

  changeSpeed(by) {
    const select = this.find("speed");
    select.selectedIndex = Math.min(Math.max(select.selectedIndex + by, 0), select.length - 1);
    this.video.playbackRate = Number(select.value);
  }

  get now() {
    return this.video.paused ? this.track.times[this.frame] : this.video.currentTime + this.data.offset;
  }

  loopStart() {
    this.loop.setEdge("start", this.now);
    this.setLoop(this.loop.span);
  }

  loopEnd() {
    this.loop.setEdge("end", this.now);
    this.setLoop(this.loop.span);
  }

  loopRepetition() {
    const one = this.strip.at(this.now);
    const { start, end } = this.loop.span;
    if (one && (start !== one.start || end !== one.end)) {
      this.setLoop({ start: one.start, end: one.end });
      this.seek(one.start);
      this.video.play();
    } else this.setLoop({});
  }

  setLoop(span) {
    this.loop.set(span);
    this.loop.show(this.track.times[0], this.track.times[this.track.last]);
    this.find("loop").classList.toggle("on", this.loop.on);
    this.find("loop_off").disabled = !this.loop.on;
    this.draw();
  }

  repeat() {
    if (!this.track || this.video.paused) return;
    const to = loopedTo(this.loop.span, this.now);
    if (to !== undefined) this.video.currentTime = Math.max(to - this.data.offset, 0);
  }

  // A loop to the clip's very end, which came before it was noticed.
  goOn() {
    if (!this.loop.on || this.loop.span.end < this.track.times[this.track.last]) return;
    this.seek(this.loop.span.start ?? this.track.times[0]);
    this.video.play();
  }

  closer() {
    this.zoom.by(NEARER);
  }

  farther() {
    this.zoom.by(1 / NEARER);
  }

  whole() {
    this.zoom.reset();
  }

  help() {
    this.panels.toggle("keys");
  }

  leave() {
    this.panels.close();
    if (this.root.classList.contains("filling")) this.fill(false);
  }

  get filling() {
    return this.root.classList.contains("filling") || this.root.matches(":fullscreen");
  }

  // Telephones that cannot show any element on the whole screen get it over the whole page.
  full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (this.root.requestFullscreen) this.root.requestFullscreen().catch(() => this.fill(true));
    else this.fill(!this.filling);
  }

  fill(on) {
    this.root.classList.toggle("filling", on);
    this.fit(this.data);
  }

  seek(time) {
    this.seekFrame(this.track.nearest(time));
  }

  seekFrame(number) {
    this.video.currentTime = this.track.within(number) - this.data.offset;
  }

  key(event) {
    const action = keyAction(event);
    if (!action) return;
    if (action !== "leave") event.preventDefault();
    this[action]();
  }

  show(mediaTime = this.video.currentTime) {
    if (!this.track) return;
    const { times, last } = this.track;
    const time = mediaTime + this.data.offset;
    this.frame = this.track.nearest(time);
    this.outside = Math.abs(times[this.frame] - time) > FAR;
    this.root.dataset.frame = this.frame;
    this.find("seek").value = times[this.frame];
    const values = { time: times[this.frame].toFixed(2), end: times[last].toFixed(2) };
    const filled = (text) => text.replace("{time}", values.time).replace("{end}", values.end);
    const frame = this.data.frames[0] + this.frame * this.data.frames[1];
    for (const place of [this.find("time"), this.root.querySelector(".moment")]) place.textContent = filled(this.data.clock);
    this.find("time").title = filled(this.data.clockFrame).replace("{frame}", frame);
    this.draw();
  }

  link() {
    if (!this.track) return;
    this.root.dataset.time = this.now;
    tellTime(this.now);
    this.strip.follow(this.now, this.data.speak && !this.video.paused ? this.data.language : undefined);
    this.cursors.moveTo(this.now, this.data.charts, this.data.colours.accent);
  }

  draw() {
    const { data } = this;
    if (!data) return;
    const pen = this.clearedPen();
    if (data.drawn || this.outside) return;
    const [width, height] = data.size;
    pen.scale(this.canvas.width / width, this.canvas.height / height);
    const pixel = width / Math.max(this.canvas.clientWidth * this.zoom.place.scale, 1); // of the clip in one of the page
    const style = this.find("style").value;
    if (style === "skeleton") {
      pen.fillStyle = data.colours.paper;
      pen.fillRect(0, 0, width, height);
    }
    const { colours, bones, sides } = data;
    const line = lineWidth(data.size, pixel) / this.zoom.place.scale ** 0.5;
    const look = { style, colours, bones, sides, line, showGuessed: this.find("guessed").checked };
    this.drawEverybody(new Skeleton(pen, this.track, this.frame, look), 9 * pixel);
    if (this.ghost) new Skeleton(pen, this.ghost, this.frame, ghostLook(look, data.ghost.colour)).person(0);
    if (this.find("arcs").checked) {
      this.angles.draw(pen, this.track, this.frame, data.person, pixel, this.marked);
    }
  }

  drawEverybody(skeleton, radius) {
    const { people, person, trail, size, colours } = this.data;
    const path = this.find("path").value;
    for (const landmark of new Set([trail ?? "", path])) if (landmark !== "") skeleton.trail(person, Number(landmark));
    for (let number = 0; number < people; number++) skeleton.person(number);
    if (people < 2) return;
    for (let number = 0; number < people; number++) {
      const box = this.track.box(this.frame, number);
      const small = box ? Math.max(0.09 * Math.hypot(box.right - box.left, box.bottom - box.top), radius / 2) : radius;
      skeleton.number(number, Math.min(radius, small), size, number === person ? colours.accent : colours.ink);
    }
  }

  // A canvas as fine as the screen, with nothing on it.
  clearedPen() {
    const { canvas } = this;
    const scale = (window.devicePixelRatio || 1) * Math.min(this.zoom.place.scale, 3);
    const [width, height] = [Math.round(canvas.clientWidth * scale), Math.round(canvas.clientHeight * scale)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const pen = canvas.getContext("2d");
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    return pen;
  }

  close() {
    this.listeners.abort();
    this.size.disconnect();
    this.cursors.remove();
  }
}

export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".player");
  root.player ??= new Player(root, { state: setStateValue, trigger: setTriggerValue });
  root.player.update(data);
  return () => {
    root.player?.close();
    delete root.player;
  };
}
