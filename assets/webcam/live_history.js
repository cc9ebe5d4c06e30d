// Angles of everybody in the last minute.

const KEPT_MS = 60_000;

export class LiveHistory {
  constructor() {
    this.rows = [];
    this.count = 0;
  }

  get newest() {
    return this.rows.at(-1);
  }

  // { time in ms, angles: of each person a row of { degrees, seen } }
  add(row) {
    this.rows.push({ ...row, number: this.count++ });
    while (this.rows[0].time < row.time - KEPT_MS) this.rows.shift();
  }

  // Of one person's joint: seconds before now, degrees or null, seen; at most about `points`, always the same ones.
  curve(person, joint, seconds, points) {
    if (!this.newest) return [];
    const from = this.newest.time - 1000 * seconds;
    const rows = this.rows.filter(({ time }) => time >= from);
    const step = Math.ceil(rows.length / points);
    return rows
      .filter(({ number }) => number % step === 0)
      .map(({ time, angles }) => {
        const { degrees, seen } = angles[person]?.[joint] ?? {};
        return { x: (time - this.newest.time) / 1000, y: Number.isFinite(degrees) ? degrees : null, seen: Boolean(seen) };
      });
  }
}
