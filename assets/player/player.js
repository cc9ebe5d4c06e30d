// A clip with its skeleton drawn over it, tied to every chart in the element `charts`: a cursor runs along them and a
// click on a curve moves the clip. Nothing of it asks the server.

import { ChartCursors } from "./chart_cursors.js";
import { keyAction } from "./keys.js";
import { PoseTrack } from "./pose_track.js";
import { RepetitionStrip } from "./repetition_strip.js";
import { Skeleton, lineWidth } from "./skeleton.js";

const FAR = 0.5; // seconds from the nearest frame, beyond which nothing was looked at

class Player {
  constructor(root, setStateValue) {
    this.root = root;
    this.video = root.querySelector("video");
    this.canvas = root.querySelector("canvas");
    this.frame = 0;
    this.cursors = new ChartCursors((time) => this.seek(time));
    this.strip = new RepetitionStrip(root.querySelector(".reps"), (repetition) => {
      this.video.pause();
      this.seek(repetition.turn);
    });
    this.listeners = new AbortController();
    this.listen(setStateValue);
    this.size = new ResizeObserver(() => this.draw());
    this.size.observe(this.canvas);
    this.followFrames();
    this.followTime();
  }

  listen(setStateValue) {
    const on = (target, name, react) => target.addEventListener(name, react, { signal: this.listeners.signal });
    on(this.video, "error", () => this.video.src && setStateValue("unplayable", this.data.key));
    on(this.video, "loadeddata", () => this.show());
    on(this.video, "play", () => this.root.classList.add("playing"));
    on(this.video, "pause", () => this.root.classList.remove("playing"));
    on(this.video, "seeked", () => this.video.requestVideoFrameCallback || this.show());
    on(this.find("toggle"), "click", () => this.toggle());
    on(this.canvas, "click", () => this.toggle());
    on(this.find("back"), "click", () => this.back());
    on(this.find("forward"), "click", () => this.forward());
    on(this.find("speed"), "change", (event) => (this.video.playbackRate = Number(event.target.value)));
    on(this.find("style"), "change", (event) => (this.draw(), setStateValue("style", event.target.value)));
    on(this.find("guessed"), "change", () => this.draw());
    on(this.find("seek"), "input", (event) => this.seek(Number(event.target.value)));
    on(document, "keydown", (event) => this.key(event));
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
      this.link();
      if (!this.listeners.signal.aborted) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  find(name) {
    return this.root.querySelector(`[data-part=${name}]`);
  }

  update(data) {
    this.data = data;
    this.track = new PoseTrack(data);
    if (this.video.getAttribute("src") !== data.url) {
      this.video.src = data.url;
      this.frame = 0;
    }
    this.fit(data);
    this.label(data);
    for (const part of this.root.querySelectorAll(".overlay-only")) part.hidden = data.drawn;
    this.strip.fill(data.repetitions, data.strip);
    this.draw();
  }

  fit({ size: [width, height], repetitions }) {
    const screen = this.video.parentElement;
    screen.style.aspectRatio = `${width} / ${height}`;
    const share = repetitions.length ? 60 : 68; // the strip should be seen without scrolling
    screen.style.width = `min(100%, ${(share * width) / height}vh)`;
    const seek = this.find("seek");
    seek.min = this.track.times[0];
    seek.max = this.track.times[this.track.last];
  }

  label(data) {
    for (const [name, text] of Object.entries(data.texts)) {
      const part = this.find(name);
      if (part.matches("option, span")) part.textContent = text;
      else part.title = text;
      part.setAttribute("aria-label", text);
    }
    const style = this.find("style");
    if (style.dataset.chosen !== data.style) style.value = style.dataset.chosen = data.style;
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

  seek(time) {
    this.seekFrame(this.track.nearest(time));
  }

  seekFrame(number) {
    this.video.currentTime = this.track.within(number) - this.data.offset;
  }

  key(event) {
    const action = keyAction(event);
    if (!action) return;
    event.preventDefault();
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
    this.find("time").textContent = this.data.clock
      .replace("{time}", times[this.frame].toFixed(2))
      .replace("{end}", times[last].toFixed(2))
      .replace("{frame}", this.data.frames[0] + this.frame * this.data.frames[1]);
    this.draw();
  }

  link() {
    if (!this.track) return;
    const { paused, currentTime } = this.video;
    const time = paused ? this.track.times[this.frame] : currentTime + this.data.offset;
    this.root.dataset.time = time;
    this.strip.follow(time, this.data.speak && !paused ? this.data.language : undefined);
    this.cursors.moveTo(time, this.data.charts, this.data.colours.accent);
  }

  draw() {
    const { data } = this;
    if (!data) return;
    const pen = this.clearedPen();
    if (data.drawn || this.outside) return;
    const [width, height] = data.size;
    pen.scale(this.canvas.width / width, this.canvas.height / height);
    const pixel = width / Math.max(this.canvas.clientWidth, 1); // of the clip in one of the page
    const style = this.find("style").value;
    if (style === "skeleton") {
      pen.fillStyle = data.colours.paper;
      pen.fillRect(0, 0, width, height);
    }
    const { colours, bones, sides } = data;
    const line = lineWidth(data.size, pixel);
    const look = { style, colours, bones, sides, line, showGuessed: this.find("guessed").checked };
    this.drawEverybody(new Skeleton(pen, this.track, this.frame, look), 9 * pixel);
  }

  drawEverybody(skeleton, radius) {
    const { people, person, trail, size, colours } = this.data;
    if (trail !== null) skeleton.trail(person, trail);
    for (let number = 0; number < people; number++) skeleton.person(number);
    if (people < 2) return;
    for (let number = 0; number < people; number++) {
      skeleton.number(number, radius, size, number === person ? colours.accent : colours.ink);
    }
  }

  // A canvas as fine as the screen, with nothing on it.
  clearedPen() {
    const { canvas } = this;
    const scale = window.devicePixelRatio || 1;
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

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".player");
  root.player ??= new Player(root, setStateValue);
  root.player.update(data);
  return () => {
    root.player?.close();
    delete root.player;
  };
}
