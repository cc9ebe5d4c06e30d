// Skeletons drawn on a canvas, as posecore draws them on pictures.

import { GUESSED, MISSING, SEEN } from "./pose_track.js";

const FACE = 11; // the first landmarks are the face's
const WHITE = "#fff";

export function confidenceColour(scale, visibility) {
  return scale[Math.min(scale.length - 1, Math.floor((visibility / 101) * scale.length))];
}

function boneColour(look, side, visibility) {
  if (look.style === "classic") return look.colours.classicBone;
  return look.style === "confidence" ? confidenceColour(look.colours.confidence, visibility) : look.colours[side];
}

function jointColour(look, side, visibility) {
  return look.style === "classic" ? look.colours.classicJoint : boneColour(look, side, visibility);
}

// Thickness of lines in pixels of a clip of this size; `pixel` is how many of them one of the page is.
export function lineWidth([width, height], pixel) {
  return Math.max(2 * pixel, 0.005 * Math.sqrt(width * height));
}

// Somebody else's skeleton, thin and in one colour.
export const ghostLook = (look, colour) => ({
  ...look,
  style: "sides",
  line: 0.8 * look.line,
  colours: { ...look.colours, left: colour, right: colour, middle: colour },
});

export class Skeleton {
  // `look`: style, colours, bones, sides, showGuessed, line.
  constructor(pen, track, frame, look) {
    Object.assign(this, { pen, track, frame, look });
  }

  person(number) {
    const points = Array.from({ length: this.track.landmarks }, (_, i) => this.track.point(this.frame, number, i));
    for (const guessed of this.look.showGuessed ? [true, false] : [false]) {
      this.pen.globalAlpha = guessed ? this.look.colours.guessed : 1;
      this.bones(points, guessed);
      this.joints(points, guessed);
    }
    this.pen.globalAlpha = 1;
  }

  bones(points, guessed) {
    const { pen, look } = this;
    pen.setLineDash(guessed ? [2.4 * look.line, 3.6 * look.line] : []);
    for (const [a, b, side] of look.bones) {
      const [p, q] = [points[a], points[b]];
      if (p.state === MISSING || q.state === MISSING) continue;
      if ((p.state === GUESSED || q.state === GUESSED) !== guessed) continue;
      const width = a < FACE && b < FACE ? look.line * 0.5 : look.line;
      if (look.style === "sides" && !guessed) this.stroke(p, q, WHITE, width * 1.5);
      this.stroke(p, q, boneColour(look, side, Math.min(p.visibility, q.visibility)), width);
    }
    pen.setLineDash([]);
  }

  stroke(from, to, colour, width) {
    const { pen } = this;
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    pen.lineTo(to.x, to.y);
    pen.stroke();
  }

  joints(points, guessed) {
    const { pen, look } = this;
    points.forEach((p, i) => {
      if (p.state === MISSING || (p.state === GUESSED) !== guessed) return;
      const radius = look.line * (i < FACE ? 0.55 : 1) * (look.style === "classic" ? 1.45 : 1);
      this.disc(p.x, p.y, radius, jointColour(look, look.sides[i], p.visibility));
      if (look.style === "classic") return;
      pen.strokeStyle = WHITE;
      pen.lineWidth = radius * 0.45;
      pen.stroke();
    });
  }

  // The way of a landmark up to this frame.
  trail(person, landmark) {
    const { pen, look } = this;
    pen.strokeStyle = look.colours[look.sides[landmark]];
    pen.lineWidth = look.line * 0.7;
    pen.globalAlpha = 0.75;
    pen.beginPath();
    let drawing = false;
    for (let frame = 0; frame <= this.frame; frame++) {
      const p = this.track.point(frame, person, landmark);
      const seen = p.state === SEEN;
      if (seen && drawing) pen.lineTo(p.x, p.y);
      else if (seen) pen.moveTo(p.x, p.y);
      drawing = seen;
    }
    pen.stroke();
    pen.globalAlpha = 1;
  }

  // A person's number over the head.
  number(person, radius, [width, height], colour) {
    const [nose, left, right] = [0, 11, 12].map((landmark) => this.track.point(this.frame, person, landmark));
    if (nose.state === MISSING) return;
    const above = Math.abs((left.y + right.y) / 2 - nose.y) + 1.6 * radius;
    const x = Math.min(Math.max(nose.x, radius), width - radius);
    const y = Math.min(Math.max(nose.y - above, radius), height - radius);
    this.disc(x, y, radius, colour);
    const { pen } = this;
    pen.fillStyle = WHITE;
    pen.font = `600 ${1.2 * radius}px sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(String(person + 1), x, y);
  }

  disc(x, y, radius, colour) {
    const { pen } = this;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fillStyle = colour;
    pen.fill();
  }
}
