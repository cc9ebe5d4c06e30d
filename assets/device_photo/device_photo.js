// A photo that stays in this browser: people are found and drawn here. Only landmarks leave it.

import { Skeleton, lineWidth } from "../player/skeleton.js";
import { saveBlob } from "../save_blob.js";
import { Engine } from "../webcam/engine.js";
import { LiveTrack } from "../webcam/live_track.js";
import { POINTS, VALUES } from "../webcam/rows.js";

class DevicePhoto {
  constructor(root, tell) {
    Object.assign(this, { root, tell });
    const drop = this.find("drop");
    this.find("file").onchange = ({ target }) => this.take(target.files[0]);
    this.find("save").onclick = () => this.save();
    drop.ondragover = (event) => {
      event.preventDefault();
      drop.classList.add("over");
    };
    drop.ondragleave = () => drop.classList.remove("over");
    drop.ondrop = (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      this.take(event.dataTransfer.files[0]);
    };
  }

  find(name) {
    return this.root.querySelector(`[data-part=${name}]`);
  }

  update(data) {
    const before = this.data;
    this.data = data;
    this.root.lang = data.language;
    for (const part of ["choose", "hint", "save"]) this.find(part).textContent = data.words[part];
    const changed = before && ["people", "confidence"].some((name) => before[name] !== data[name]);
    if (changed || (before && before.urls.model !== data.urls.model)) {
      this.engine?.close();
      this.engine = undefined;
      this.look();
    }
    this.draw();
  }

  say(words) {
    this.find("status").textContent = words;
  }

  async take(file) {
    if (!file) return;
    this.file = file;
    this.picture?.close();
    this.picture = this.found = undefined;
    try {
      this.picture = await createImageBitmap(file);
    } catch {
      this.draw();
      return this.say(this.data.words.unreadable);
    }
    this.look();
  }

  // Without an engine one is opened first.
  async look() {
    if (!this.picture) return;
    if (!this.engine) {
      this.say(this.data.words.loading);
      this.engine = new Engine(this.data, true, this.find("loading"), (news) => this.heard(news));
    } else {
      this.say(this.data.words.looking);
      this.engine.look(await createImageBitmap(this.picture), performance.now());
    }
  }

  heard(news) {
    if (news.opened) return this.look();
    this.say(news.failed ? this.data.words.failed : "");
    if (news.failed) return console.warn(news.failed);
    news.picture.close();
    this.found = news;
    this.draw();
    this.report();
  }

  report() {
    const { points, width, height } = this.found;
    const row = new Float32Array([0, ...points]);
    const rows = btoa(String.fromCharCode(...new Uint8Array(row.buffer)));
    const people = points.length / POINTS / VALUES;
    this.tell("found", { name: this.file.name, width, height, people, rows, model: this.data.model });
  }

  draw() {
    const { found, picture, data } = this;
    const canvas = this.find("picture");
    canvas.hidden = this.find("save").hidden = !found;
    if (!found) return;
    const size = [found.width, found.height];
    [canvas.width, canvas.height] = size;
    canvas.ariaLabel = data.words.picture.replace("{name}", this.file.name);
    const pen = canvas.getContext("2d");
    if (data.style === "skeleton") {
      pen.fillStyle = data.colours.paper;
      pen.fillRect(0, 0, ...size);
    } else pen.drawImage(picture, 0, 0);
    const track = new LiveTrack(found, false);
    const skeleton = new Skeleton(pen, track, 0, { ...data, showGuessed: true, line: lineWidth(size, 1) });
    for (let person = 0; person < track.people; person++) skeleton.person(person);
  }

  save() {
    const stem = this.file.name.replace(/\.[^.]*$/, "");
    this.find("picture").toBlob((blob) => saveBlob(blob, `${stem}.annotated.png`));
  }
}

const photos = new WeakMap();

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".device");
  if (!photos.has(root)) photos.set(root, new DevicePhoto(root, setStateValue));
  const photo = photos.get(root);
  photo.tell = setStateValue;
  photo.update(data);
  return () => {
    photo.engine?.close();
    photos.delete(root);
  };
}
