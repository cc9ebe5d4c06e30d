// A clip with its skeleton drawn over it, tied to every chart in the element `charts`: a cursor runs along them and a
// click on a curve moves the clip. Nothing of it asks the server.

const FACE = 11; // the first landmarks are the face's

const TAKES_KEYS = "input, textarea, select, [role=slider], [role=tab], [role=radio], [role=combobox], [role=listbox]";

const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

function decode(data) {
  return {
    times: new Float64Array(bytes(data.times).buffer),
    xy: new Float32Array(bytes(data.xy).buffer),
    state: bytes(data.state), // 0 missing, 1 guessed, 2 seen
    visibility: bytes(data.visibility), // 0 to 100
  };
}

class Player {
  constructor(root, setStateValue) {
    this.root = root;
    this.video = root.querySelector("video");
    this.canvas = root.querySelector("canvas");
    this.setStateValue = setStateValue;
    this.frame = 0;
    this.listeners = new AbortController();
    const on = (target, name, react) => target.addEventListener(name, react, { signal: this.listeners.signal });
    on(this.video, "error", () => this.video.src && setStateValue("unplayable", this.data.key));
    on(this.video, "loadeddata", () => this.show());
    on(this.video, "play", () => this.root.classList.add("playing"));
    on(this.video, "pause", () => this.root.classList.remove("playing"));
    on(this.video, "seeked", () => this.video.requestVideoFrameCallback || this.show());
    on(this.find("toggle"), "click", () => this.toggle());
    on(this.canvas, "click", () => this.toggle());
    on(this.find("back"), "click", () => this.step(-1));
    on(this.find("forward"), "click", () => this.step(1));
    on(this.find("speed"), "change", (event) => (this.video.playbackRate = Number(event.target.value)));
    on(this.find("style"), "change", (event) => (this.draw(), setStateValue("style", event.target.value)));
    on(this.find("guessed"), "change", () => this.draw());
    on(this.find("seek"), "input", (event) => this.seek(Number(event.target.value)));
    on(document, "keydown", (event) => this.key(event));
    this.size = new ResizeObserver(() => this.draw());
    this.size.observe(this.canvas);
    const watch = (_, meta) => {
      this.show(meta.mediaTime);
      if (!this.listeners.signal.aborted) this.video.requestVideoFrameCallback(watch);
    };
    if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(watch);
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
    Object.assign(this, decode(data));
    if (this.video.getAttribute("src") !== data.url) {
      this.video.src = data.url;
      this.frame = 0;
    }
    const screen = this.video.parentElement;
    screen.style.aspectRatio = `${data.size[0]} / ${data.size[1]}`;
    const height = data.repetitions.length ? 60 : 68; // the strip should be seen without scrolling
    screen.style.width = `min(100%, ${(height * data.size[0]) / data.size[1]}vh)`;
    const seek = this.find("seek");
    seek.min = this.times[0];
    seek.max = this.times[this.times.length - 1];
    for (const [name, text] of Object.entries(data.texts)) {
      const part = this.find(name);
      if (part.matches("option, span")) part.textContent = text;
      else part.title = text;
      part.setAttribute("aria-label", text);
    }
    const style = this.find("style");
    if (style.dataset.chosen !== data.style) style.value = style.dataset.chosen = data.style;
    for (const part of this.root.querySelectorAll(".overlay-only")) part.hidden = data.drawn;
    this.fillStrip();
    this.draw();
  }

  toggle() {
    if (this.video.paused) this.video.play();
    else this.video.pause();
  }

  step(by) {
    this.video.pause();
    this.seekFrame(this.frame + by);
  }

  seek(time) {
    this.seekFrame(this.nearest(time));
  }

  seekFrame(number) {
    const last = this.times.length - 1;
    const frame = Math.min(Math.max(number, 0), last);
    const next = frame < last ? this.times[frame + 1] : this.times[frame] + 0.02;
    // Into the frame, not onto its edge, where rounding decides which one is shown.
    this.video.currentTime = this.times[frame] - this.data.offset + (next - this.times[frame]) * 0.3;
  }

  nearest(time) {
    let low = 0;
    let high = this.times.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.times[middle] <= time) low = middle;
      else high = middle;
    }
    return time - this.times[low] <= this.times[high] - time ? low : high;
  }

  show(mediaTime = this.video.currentTime) {
    if (!this.times) return;
    this.frame = this.nearest(mediaTime + this.data.offset);
    this.outside = Math.abs(this.times[this.frame] - mediaTime - this.data.offset) > 0.5;
    this.root.dataset.frame = this.frame;
    this.find("seek").value = this.times[this.frame];
    this.find("time").textContent = this.data.clock
      .replace("{time}", this.times[this.frame].toFixed(2))
      .replace("{end}", this.times[this.times.length - 1].toFixed(2))
      .replace("{frame}", this.data.frames[0] + this.frame * this.data.frames[1]);
    this.draw();
  }

  key(event) {
    const inUse = event.key === " " ? `${TAKES_KEYS}, button` : TAKES_KEYS;
    if (event.composedPath().some((node) => node.matches?.(inUse))) return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const action = { ArrowLeft: () => this.step(-1), ArrowRight: () => this.step(1), " ": () => this.toggle() }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  // Repetitions --------------------------------------------------------------------------------------------------

  fillStrip() {
    const { repetitions, strip } = this.data;
    const list = this.root.querySelector(".reps");
    const contents = JSON.stringify([repetitions, strip]);
    if (list.dataset.contents === contents) return; // so that the focus stays
    list.dataset.contents = contents;
    list.hidden = !repetitions.length;
    list.setAttribute("aria-label", strip);
    list.replaceChildren(...repetitions.map((repetition) => this.chip(repetition)));
  }

  chip(repetition) {
    const button = document.createElement("button");
    button.type = "button";
    button.title = repetition.title;
    button.setAttribute("aria-label", repetition.title);
    const number = document.createElement("b");
    number.textContent = repetition.number;
    const score = document.createElement("span");
    score.textContent = repetition.score;
    button.append(number, score);
    if (repetition.faulty) {
      const mark = document.createElement("i");
      mark.textContent = "!";
      button.append(mark);
    }
    button.addEventListener("click", () => {
      this.video.pause();
      this.seek(repetition.turn);
    });
    const item = document.createElement("li");
    item.append(button);
    return item;
  }

  followRepetitions(time) {
    const before = this.followed ?? time;
    this.followed = time;
    const chips = this.root.querySelectorAll(".reps button");
    this.data.repetitions.forEach(({ number, start, end }, i) => {
      const now = start <= time && time <= end;
      if (chips[i]?.hasAttribute("aria-current") !== now) {
        if (now) chips[i]?.setAttribute("aria-current", "true");
        else chips[i]?.removeAttribute("aria-current");
      }
      // Only while it plays: a jump passes ends too.
      if (this.data.speak && !this.video.paused && before < end && end <= time && time - before < 1) this.say(number);
    });
  }

  say(number) {
    const words = new SpeechSynthesisUtterance(String(number));
    words.lang = this.data.language;
    speechSynthesis.cancel(); // the newest number counts
    speechSynthesis.speak(words);
  }

  // Charts -------------------------------------------------------------------------------------------------------

  link() {
    if (!this.times) return;
    const time = this.video.paused ? this.times[this.frame] : this.video.currentTime + this.data.offset;
    this.root.dataset.time = time;
    this.followRepetitions(time);
    for (const chart of document.querySelectorAll(`${this.data.charts} .js-plotly-plot`)) {
      const layout = chart._fullLayout;
      if (!layout?.xaxis?.l2p || !chart.on) continue;
      if (chart.linked !== this) {
        chart.linked = this;
        chart.on("plotly_click", (event) => this.seek(event.points[0].x));
      }
      this.moveCursor(chart, layout, time);
    }
  }

  moveCursor(chart, layout, time) {
    let cursor = chart.querySelector(":scope > .clip-cursor");
    if (!cursor) {
      cursor = chart.appendChild(document.createElement("div"));
      cursor.className = "clip-cursor";
      cursor.style.cssText = `position:absolute;width:2px;background:${this.data.colours.accent};pointer-events:none;z-index:5`;
      chart.style.position = "relative";
    }
    const x = layout.xaxis.l2p(time);
    cursor.hidden = x < 0 || x > layout.xaxis._length;
    cursor.style.left = `${layout.xaxis._offset + x - 1}px`;
    cursor.style.top = `${layout.yaxis._offset}px`;
    cursor.style.height = `${layout.yaxis._length}px`;
    cursor.dataset.time = time;
  }

  // Skeleton -----------------------------------------------------------------------------------------------------

  draw() {
    const { canvas, data } = this;
    if (!data) return;
    const scale = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
    }
    const pen = canvas.getContext("2d");
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    if (data.drawn || this.outside) return;
    pen.scale(canvas.width / data.size[0], canvas.height / data.size[1]);
    const style = this.find("style").value;
    if (style === "skeleton") {
      pen.fillStyle = data.colours.paper;
      pen.fillRect(0, 0, data.size[0], data.size[1]);
    }
    const pixel = data.size[0] / Math.max(width, 1); // of the clip in one of the page
    const line = Math.max(2 * pixel, 0.005 * Math.sqrt(data.size[0] * data.size[1]));
    if (data.trail !== null) this.drawTrail(pen, line);
    for (let person = 0; person < data.people; person++) this.drawPerson(pen, person, style, line);
    if (data.people > 1) for (let person = 0; person < data.people; person++) this.drawNumber(pen, person, 9 * pixel);
  }

  point(person, landmark, frame = this.frame) {
    const at = (frame * this.data.people + person) * this.data.landmarks + landmark;
    return { x: this.xy[2 * at], y: this.xy[2 * at + 1], state: this.state[at], visibility: this.visibility[at] };
  }

  colour(style, side, visibility) {
    const { colours } = this.data;
    if (style === "confidence") return colours.confidence[Math.min(colours.confidence.length - 1, Math.floor((visibility / 101) * colours.confidence.length))];
    return colours[side];
  }

  drawPerson(pen, person, style, line) {
    const points = Array.from({ length: this.data.landmarks }, (_, i) => this.point(person, i));
    const showGuessed = this.find("guessed").checked;
    for (const guessed of showGuessed ? [true, false] : [false]) {
      pen.globalAlpha = guessed ? this.data.colours.guessed : 1;
      pen.setLineDash(guessed ? [2.4 * line, 3.6 * line] : []);
      for (const [a, b, side] of this.data.bones) {
        const [p, q] = [points[a], points[b]];
        if (!p.state || !q.state || (p.state === 1 || q.state === 1) !== guessed) continue;
        const width = a < FACE && b < FACE ? line * 0.5 : line;
        const path = () => {
          pen.beginPath();
          pen.moveTo(p.x, p.y);
          pen.lineTo(q.x, q.y);
          pen.stroke();
        };
        if (style === "sides" && !guessed) {
          pen.strokeStyle = "#fff";
          pen.lineWidth = width * 1.5;
          path();
        }
        pen.lineWidth = width;
        pen.strokeStyle = style === "classic" ? this.data.colours.classicBone : this.colour(style, side, Math.min(p.visibility, q.visibility));
        path();
      }
      pen.setLineDash([]);
      points.forEach((p, i) => {
        if (!p.state || (p.state === 1) !== guessed) return;
        const radius = line * (i < FACE ? 0.55 : 1) * (style === "classic" ? 1.45 : 1);
        pen.beginPath();
        pen.arc(p.x, p.y, radius, 0, 2 * Math.PI);
        pen.fillStyle = style === "classic" ? this.data.colours.classicJoint : this.colour(style, this.data.sides[i], p.visibility);
        pen.fill();
        if (style === "classic") return;
        pen.strokeStyle = "#fff";
        pen.lineWidth = radius * 0.45;
        pen.stroke();
      });
    }
    pen.globalAlpha = 1;
  }

  drawTrail(pen, line) {
    const { trail, person } = this.data;
    pen.strokeStyle = this.data.colours[this.data.sides[trail]];
    pen.lineWidth = line * 0.7;
    pen.globalAlpha = 0.75;
    pen.beginPath();
    let drawing = false;
    for (let frame = 0; frame <= this.frame; frame++) {
      const p = this.point(person, trail, frame);
      if (p.state !== 2) drawing = false;
      else if (drawing) pen.lineTo(p.x, p.y);
      else pen.moveTo(p.x, p.y), (drawing = true);
    }
    pen.stroke();
    pen.globalAlpha = 1;
  }

  drawNumber(pen, person, radius) {
    const nose = this.point(person, 0);
    if (!nose.state) return;
    const [left, right] = [this.point(person, 11), this.point(person, 12)];
    const above = Math.abs((left.y + right.y) / 2 - nose.y) + 1.6 * radius;
    const x = Math.min(Math.max(nose.x, radius), this.data.size[0] - radius);
    const y = Math.min(Math.max(nose.y - above, radius), this.data.size[1] - radius);
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fillStyle = person === this.data.person ? this.data.colours.accent : this.data.colours.ink;
    pen.fill();
    pen.fillStyle = "#fff";
    pen.font = `600 ${1.2 * radius}px sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(String(person + 1), x, y);
  }

  close() {
    this.listeners.abort();
    this.size.disconnect();
    document.querySelectorAll(".clip-cursor").forEach((cursor) => cursor.remove());
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
