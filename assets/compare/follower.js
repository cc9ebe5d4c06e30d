// A second clip that goes in step with the player: shown is the moment that belongs to the player's.

import { hearTime } from "../figure/clip_time.js";
import { PoseTrack, decodedDoubles } from "../player/pose_track.js";
import { Skeleton, lineWidth } from "../player/skeleton.js";

const STILL = 150; // milliseconds without a new time, after which the player stands
const APART = 0.3; // seconds off, from which the clip jumps instead of running faster or slower
const EXACT = 0.02; // seconds off that a standing picture may be
const PULL = 2; // times as fast a second, for each second that it is behind
const [SLOWEST, FASTEST] = [0.1, 8];

// The moment of the second clip; times of the first rise.
export function inStep(times, others, time) {
  const last = times.length - 1;
  if (time <= times[0] || last < 1) return others[0];
  if (time >= times[last]) return others[last];
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle] <= time) low = middle;
    else high = middle;
  }
  return others[low] + ((time - times[low]) / (times[high] - times[low])) * (others[high] - others[low]);
}

class Follower {
  constructor(root) {
    this.root = root;
    this.video = root.querySelector("video");
    this.canvas = root.querySelector("canvas");
    this.unheard = hearTime((time) => this.follow(time));
    this.size = new ResizeObserver(() => this.draw());
    this.size.observe(this.canvas);
    this.heard = { time: undefined, at: 0 };
    this.video.addEventListener("seeked", () => this.draw());
    this.video.addEventListener("error", () => this.withoutClip());
  }

  update(data) {
    this.data = data;
    this.track = new PoseTrack(data);
    [this.times, this.others] = [data.step.times, data.step.others].map(decodedDoubles);
    this.root.classList.toggle("mirrored", data.mirrored);
    this.video.hidden = !data.url;
    if (data.url && this.video.getAttribute("src") !== data.url) this.video.src = data.url;
    const [width, height] = data.size;
    const screen = this.video.parentElement;
    screen.style.aspectRatio = `${width} / ${height}`;
    screen.style.width = `min(100%, calc(${data.height}vh * ${width / height}))`;
    this.target = this.others[0];
    this.draw();
  }

  // A clip that this browser does not play: its skeleton alone.
  withoutClip() {
    if (!this.data?.url) return;
    this.data.url = null;
    this.video.hidden = true;
    this.draw();
  }

  follow(time) {
    if (!this.data) return;
    const now = performance.now();
    this.target = inStep(this.times, this.others, time);
    const inside = time > this.times[0] - APART && time < this.times[this.times.length - 1] + APART;
    this.root.classList.toggle("outside", !inside);
    const moved = time !== this.heard.time;
    const pace = moved ? (this.target - inStep(this.times, this.others, this.heard.time ?? time)) / Math.max((now - this.heard.at) / 1000, 1e-3) : 0;
    const stands = !inside || (!moved && now - this.heard.at > STILL);
    if (moved) this.heard = { time, at: now, stands };
    if (this.data.url) this.lead(stands, moved ? pace : undefined);
    this.draw();
  }

  // The video to where it belongs: running at the pace of the movement, or standing.
  lead(stands, pace) {
    const { video } = this;
    const behind = this.target - video.currentTime;
    if (stands) {
      video.pause();
      if (Math.abs(behind) > EXACT && !video.seeking) video.currentTime = this.track.within(this.track.nearest(this.target));
    } else if (Math.abs(behind) > APART) {
      if (!video.seeking) video.currentTime = this.target;
    } else if (pace !== undefined) {
      this.pace = 0.9 * (this.pace ?? 1) + 0.1 * pace;
      video.playbackRate = Math.min(Math.max(this.pace + PULL * behind, SLOWEST), FASTEST);
      if (video.paused) video.play().catch(() => undefined);
    }
  }

  draw() {
    const { data, canvas } = this;
    if (!data) return;
    const scale = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(canvas.clientWidth * scale), Math.round(canvas.clientHeight * scale)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const pen = canvas.getContext("2d");
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.scale(width / data.size[0], height / data.size[1]);
    if (!data.url) {
      pen.fillStyle = data.colours.paper;
      pen.fillRect(0, 0, ...data.size);
    }
    const shown = data.url ? this.video.currentTime : this.target;
    const frame = this.track.nearest(shown);
    const { colours, bones, sides, style } = data;
    const pixel = data.size[0] / Math.max(canvas.clientWidth, 1);
    const look = { style: data.url ? style : "sides", colours, bones, sides, line: lineWidth(data.size, pixel), showGuessed: true };
    new Skeleton(pen, this.track, frame, look).person(data.person);
    this.root.dataset.time = this.track.times[frame];
    this.root.querySelector(".moment").textContent = data.clock.replace("{time}", this.track.times[frame].toFixed(2));
  }

  close() {
    this.unheard();
    this.size.disconnect();
    this.video.pause();
  }
}

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".follower");
  root.follower ??= new Follower(root);
  root.follower.update(data);
  return () => {
    root.follower?.close();
    delete root.follower;
  };
}
