// Landmarks on their way to the server, several frames at once. What does not arrive waits, up to a minute of it.

import { POINTS, VALUES } from "./rows.js";

const MOST_ROWS = 1800; // a minute of 30 pictures a second
const RETRY_S = 1;

export class Packets {
  // `address` of the stream; `answered` is told what the server says and the time of the newest row that it has, `lost` that it cannot be reached.
  constructor(address, answered, lost) {
    Object.assign(this, { address, answered, lost, rows: [], number: 0, every: 0.25, rate: MOST_ROWS, due: 0 });
    this.wait(this.every);
  }

  // No more rows a second than the server wants.
  add(row) {
    if (row.time < this.due) return;
    const step = 1000 / this.rate;
    this.due = Math.max(this.due, row.time - step) + step;
    this.rows.push(row);
    if (this.rows.length > MOST_ROWS) this.rows.shift();
  }

  // Rows that the server has not taken.
  get waiting() {
    return [...(this.packet?.rows ?? []), ...this.rows];
  }

  wait(seconds) {
    this.timer = setTimeout(() => this.send(), 1000 * seconds);
  }

  close() {
    clearTimeout(this.timer);
    this.closed = true;
  }

  async send() {
    this.packet ??= this.packed();
    if (!this.packet) return this.wait(this.every);
    try {
      const { query, body } = this.packet;
      const newest = this.packet.rows.at(-1).time;
      const answer = await fetch(`${this.address}&${query}`, { method: "POST", body });
      if (answer.status >= 500) throw new Error(answer.statusText);
      this.packet = undefined; // taken, or never to be taken
      const said = answer.ok ? await answer.json() : undefined;
      ({ every: this.every, rate: this.rate } = { every: this.every, rate: this.rate, ...said });
      if (!this.closed) this.answered(said, answer.status, newest);
    } catch {
      if (!this.closed) this.lost();
      return this.closed || this.wait(RETRY_S);
    }
    if (!this.closed) this.wait(this.every);
  }

  // All rows of the oldest size of frames.
  packed() {
    const [first] = this.rows;
    if (!first) return undefined;
    const end = this.rows.findIndex(({ width, height, points }) => width !== first.width || height !== first.height || points.length !== first.points.length);
    const rows = this.rows.splice(0, end < 0 ? this.rows.length : end);
    const body = new Float32Array(rows.length * (1 + first.points.length));
    rows.forEach(({ time, points }, i) => body.set([(time - first.time) / 1000, ...points], i * (1 + points.length)));
    const { width, height, brightness } = rows.at(-1);
    const ms = rows.reduce((sum, { took }) => sum + took, 0) / rows.length;
    const about = { number: this.number++, people: first.points.length / POINTS / VALUES, width, height, at: first.time / 1000, brightness, ms };
    return { query: new URLSearchParams(about), body, rows };
  }
}
