// Landmarks of a time without a server, to be saved by whoever was seen: the columns of the page's own table.

import { POINTS, VALUES } from "./rows.js";

const MOST_S = 300;
const COLUMNS = "frame,time_s,person,landmark,x_px,y_px,z,visibility,presence,world_x_m,world_y_m,world_z_m";
const SHORT = ["x_px", "y_px", "z"]; // a hundredth of a pixel is enough of these

export class Kept {
  constructor(rows) {
    this.rows = [...rows];
  }

  add(row) {
    this.rows.push(row);
    while (row.time - this.rows[0].time > 1000 * MOST_S) this.rows.shift();
  }

  csv(landmarks) {
    const lines = [COLUMNS];
    this.rows.forEach(({ time, points }, frame) => {
      const seconds = ((time - this.rows[0].time) / 1000).toFixed(3);
      for (let at = 0; at < points.length; at += VALUES) {
        if (Number.isNaN(points[at])) continue;
        const [person, landmark] = [Math.floor(at / VALUES / POINTS) + 1, (at / VALUES) % POINTS];
        const values = [...points.subarray(at, at + VALUES)].map((value, i) => value.toFixed(i < SHORT.length ? 2 : 4));
        lines.push([frame, seconds, person, landmarks[landmark], ...values].join(","));
      }
    });
    return `${lines.join("\n")}\n`;
  }
}
