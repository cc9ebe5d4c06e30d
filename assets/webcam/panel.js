// What changes all the time beside the webcam in this browser: what helps, counts, angles, curves; and what can be asked
// for: another range, a recording.

import { Speech } from "../speech.js";
import { hearLive } from "./live_events.js";
import { LiveChart } from "./live_chart.js";
import { LiveHistory } from "./live_history.js";

const EVERY_MS = 250; // between drawings of curves and numbers

class Panel {
  constructor(root, ask) {
    Object.assign(this, { root, ask, person: 0, said: undefined, drawn: 0 });
    this.history = new LiveHistory();
    this.chart = new LiveChart(this.find("chart"));
    this.speech = new Speech();
    this.find("ask").onclick = () => this.ask("asked", { what: this.ranged.asks, person: this.person });
    this.find("record").onclick = () => this.ask("asked", { what: this.recording ? "keep" : "record", person: this.person });
    this.deaf = hearLive((news) => this.take(news));
    this.asked = (event) => this.recording && event.preventDefault(); // whether the page may really be left
    addEventListener("beforeunload", this.asked);
  }

  end() {
    this.deaf();
    removeEventListener("beforeunload", this.asked);
  }

  find(name) {
    return this.root.querySelector(`[data-part=${name}]`);
  }

  write(name, words) {
    const part = this.find(name);
    if (part.textContent !== words) part.textContent = words;
    return part;
  }

  update(data) {
    if (!this.data) this.chart.open(new URL(data.plotly, document.baseURI).href).then(() => this.draw());
    this.data = data;
    this.root.lang = data.language;
    this.find("chart").ariaLabel = data.words.chart;
    this.find("people").ariaLabel = data.words.person;
    this.find("record").title = data.words.recordHelp;
    this.write("choose", data.words.chooseJoint).hidden = data.shown.length > 0;
    this.find("chart").hidden = !data.shown.length;
    this.write("exercise", data.exercise);
    this.write("full", data.words.full);
    if (!this.history.newest) this.note("state", data.words.connecting, "");
    this.tell();
    this.draw();
  }

  take({ frame, said }) {
    if (said) {
      this.said = said;
      this.tell();
    }
    if (!frame) return;
    this.history.add(frame);
    if (frame.time - this.drawn > EVERY_MS) {
      this.drawn = frame.time;
      this.draw();
    }
  }

  note(name, words, kind) {
    this.write(name, words).className = `note ${kind}`;
  }

  // What the server says.
  tell() {
    const { data, said } = this;
    const counted = (data.exercise && said?.counted) || [];
    this.find("counting").hidden = !counted.length;
    if (counted.length) this.count(counted);
    this.follow(said?.followed);
    this.recognise(said?.labelled);
    this.recording = typeof said?.recorded === "number";
    const words = this.recording ? data.words.keep.replace("{seconds}", said.recorded) : data.words.record;
    this.write("record", words).className = this.recording ? "on" : "";
    this.find("full").hidden = !said?.full;
    if (said) this.note("state", data.words.advice[said.advice], said.advice === "none" ? "good" : "warning");
  }

  // What is done, of what was taught.
  recognise(labelled) {
    this.find("labelling").hidden = !labelled;
    if (!labelled) return;
    this.write("label", labelled.name);
    this.write("sure", labelled.sure);
    this.numbers("labelled", labelled.counts);
  }

  // A reference that is followed.
  follow(followed) {
    this.find("following").hidden = !(this.data.reference && followed);
    if (!followed) return;
    const { words } = followed;
    this.write("reference", this.data.reference);
    this.write("round", words.now);
    this.write("differs", words.remark);
    this.numbers("rounds", [[this.data.words.alike, words.newest], [this.data.words.best, words.best]]);
  }

  count(counted) {
    const { words, holds, speaks, language } = this.data;
    const mine = counted[this.person] ?? counted[0];
    const alone = counted.length === 1;
    this.find("counts").classList.toggle("one", alone);
    this.numbers(
      "counts",
      alone
        ? [[words[holds ? "held" : "count"], mine.count], [words.score, mine.score]]
        : counted.map(({ count }, person) => [words.people[person], count]),
    );
    const remark = ({ score, remark }, person) => `${words.people[person]} · ${words.score}: ${score} · ${remark}`;
    this.lines("remarks", alone ? [mine.remark] : counted.map(remark));
    this.ranged = mine.range;
    this.find("ask").hidden = !mine.range;
    this.find("range").hidden = !mine.range?.words;
    if (mine.range) {
      this.note("range", mine.range.words, mine.range.kind);
      this.write("ask", words[mine.range.asks]).title = mine.range.asks === "range" ? words.rangeHelp : "";
    }
    if (speaks) this.speech.say(mine.number, language);
  }

  // What this browser finds.
  draw() {
    const { data, history } = this;
    if (!history.newest) return;
    const { angles, rate, took } = history.newest;
    this.write("rate", data.words.rate.replace("{rate}", rate).replace("{ms}", took.toFixed(0)));
    this.choosePeople(angles.length);
    const names = data.joints.map(({ name }) => name);
    this.numbers(
      "values",
      data.shown.map((name) => {
        const { degrees, seen } = angles[this.person][names.indexOf(name)];
        return [data.words.joints[name], Number.isFinite(degrees) ? `${seen ? "" : "≈ "}${degrees.toFixed(0)}°` : "–"];
      }),
    );
    if (data.shown.length) this.chart.draw(history, this.person, names, data.figure, data.seconds);
  }

  choosePeople(count) {
    const people = this.find("people");
    if (this.person >= count) this.person = 0;
    people.hidden = count < 2;
    if (people.childElementCount !== count)
      people.replaceChildren(
        ...Array.from({ length: count }, (_, person) => {
          const button = Object.assign(document.createElement("button"), { type: "button", textContent: this.data.words.people[person] });
          button.onclick = () => {
            this.person = person;
            this.tell();
            this.draw();
          };
          return button;
        }),
      );
    [...people.children].forEach((button, person) => (button.ariaPressed = person === this.person));
  }

  // Labels with their numbers.
  numbers(name, entries) {
    this.replace(name, entries, ([label, value]) => {
      const entry = document.createElement("div");
      entry.append(label, Object.assign(document.createElement("b"), { textContent: value }));
      return entry;
    });
  }

  lines(name, lines) {
    this.replace(name, lines, (words) => Object.assign(document.createElement("p"), { textContent: words }));
  }

  // Only where something has changed, so that what is selected or read stays.
  replace(name, entries, made) {
    const part = this.find(name);
    const now = JSON.stringify(entries);
    if (part.dataset.shown === now) return;
    part.dataset.shown = now;
    part.replaceChildren(...entries.map(made));
  }
}

const panels = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".panel");
  if (!panels.has(root)) panels.set(root, new Panel(root, setTriggerValue));
  const panel = panels.get(root);
  panel.ask = setTriggerValue;
  panel.update(data);
  return () => {
    panel.end();
    panels.delete(root);
  };
}
