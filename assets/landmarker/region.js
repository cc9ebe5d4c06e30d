// The turned squares of a picture in which the networks look for somebody: as `posecore.detection.litert.regions`.

const PLACE_STEP = 2 / 256; // of the side
const SIZE_STEP = 0.02; // of the side's logarithm
const TURN_STEP = 0.02; // radians
const ROOM = 1.25; // a region is so many times as large as the circle that a person is held to fill

const inSteps = (value, step) => Math.round(value / step) * step;

export class Region {
  // `x`, `y` and `side` in the picture's pixels; `angle` clockwise, in radians.
  constructor(x, y, side, angle) {
    Object.assign(this, { x, y, side, angle, cosine: Math.cos(angle), sine: Math.sin(angle) });
  }

  // The upright square of somebody whose circle has this middle and this topmost point.
  static around([x, y], [edgeX, edgeY]) {
    const [across, down] = [edgeX - x, edgeY - y];
    return new Region(x, y, 2 * ROOM * Math.hypot(across, down), Math.atan2(across, -down));
  }

  rounded() {
    const side = Math.exp(inSteps(Math.log(this.side), SIZE_STEP));
    const step = PLACE_STEP * side;
    return new Region(inSteps(this.x, step), inSteps(this.y, step), side, inSteps(this.angle, TURN_STEP));
  }

  scaled(times) {
    return new Region(this.x * times, this.y * times, this.side * times, this.angle);
  }

  // What both cover of what either covers, as if neither were turned.
  overlap(other) {
    const reach = (this.side + other.side) / 2;
    const [width, height] = ["x", "y"].map((axis) =>
      Math.max(0, Math.min(reach - Math.abs(this[axis] - other[axis]), this.side, other.side)),
    );
    return (width * height) / (this.side ** 2 + other.side ** 2 - width * height);
  }

  turned(x, y) {
    return [this.cosine * x - this.sine * y, this.sine * x + this.cosine * y];
  }

  // A place in parts of the region, in the picture's pixels.
  whole(x, y) {
    const [across, down] = this.turned(x - 0.5, y - 0.5);
    return [across * this.side + this.x, down * this.side + this.y];
  }

  // Draw what is in it into a square of `side` pixels. Outside of the picture all is black, or as its edge is.
  //
  // The first pixel's middle lies in the region's corner, as the networks were trained.
  cut(picture, pen, side, edges) {
    const { width, height } = picture;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.fillStyle = "black";
    pen.fillRect(0, 0, side, side);
    const [across, down] = [(this.cosine * side) / this.side, (this.sine * side) / this.side];
    const [x, y] = [this.x + 0.5, this.y + 0.5];
    const middle = (side + 1) / 2;
    pen.setTransform(across, -down, down, across, middle - across * x - down * y, middle + down * x - across * y);
    if (edges) stretchEdges(picture, pen, 2 * this.side, (2 * this.side) / side);
    pen.drawImage(picture, 0, 0, width, height);
  }
}

// Around the picture, so `far` out, and `lap` under it and each other, for ends are blended with what lies below.
function stretchEdges(picture, pen, far, lap) {
  const { width, height } = picture;
  const ends = (size) => [[0, 1, -far, far + lap], [size - 1, 1, size - lap, far + lap]];
  const [columns, rows] = [ends(width), ends(height)];
  const corners = columns.flatMap((column) => rows.map((row) => [column, row]));
  const sides = columns.map((column) => [column, [0, height, 0, height]]);
  const others = rows.map((row) => [[0, width, 0, width], row]);
  for (const [[x, across, toX, toAcross], [y, down, toY, toDown]] of [...corners, ...sides, ...others]) {
    pen.drawImage(picture, x, y, across, down, toX, toY, toAcross, toDown);
  }
}

// Those of which no later one covers the same part of a picture, in their order.
export function apart(regions, most) {
  return regions.reduce((kept, region) => [...kept.filter((other) => region.overlap(other) <= most), region], []);
}
