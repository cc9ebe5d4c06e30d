// Nearer to the picture: buttons, two fingers, the wheel with Ctrl; a drag moves it.

const MOST = 8;
const DRAG = 6; // pixels of the page from which on a press is a drag

// The picture's place after it was scaled by `factor` around a point; its edges never come inside the frame.
export function zoomed({ scale, x, y }, factor, point, size) {
  const next = Math.min(Math.max(scale * factor, 1), MOST);
  const change = next / scale;
  return kept({ scale: next, x: point.x - (point.x - x) * change, y: point.y - (point.y - y) * change }, size);
}

export function kept({ scale, x, y }, { width, height }) {
  const least = (length) => length * (1 - scale);
  return {
    scale,
    x: Math.min(Math.max(x, least(width)), 0),
    y: Math.min(Math.max(y, least(height)), 0),
  };
}

export class Zoom {
  constructor(stage, screen, signal, onChange) {
    Object.assign(this, { stage, screen, onChange });
    this.place = { scale: 1, x: 0, y: 0 };
    this.pointers = new Map();
    this.dragged = false;
    const on = (name, react, options = {}) => stage.addEventListener(name, react, { signal, ...options });
    on("wheel", (event) => this.wheel(event), { passive: false });
    on("pointerdown", (event) => this.press(event));
    on("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel", "pointerleave"]) on(name, (event) => this.release(event));
  }

  get size() {
    return { width: this.screen.offsetWidth, height: this.screen.offsetHeight };
  }

  by(factor, point = { x: this.size.width / 2, y: this.size.height / 2 }) {
    this.put(zoomed(this.place, factor, point, this.size));
  }

  reset() {
    this.put({ scale: 1, x: 0, y: 0 });
  }

  put(place) {
    this.place = place;
    const { scale, x, y } = place;
    this.screen.style.transformOrigin = "0 0";
    this.screen.style.transform = scale === 1 ? "" : `translate(${x}px, ${y}px) scale(${scale})`;
    this.stage.classList.toggle("nearer", scale > 1);
    this.onChange();
  }

  // A point of the page as one of the screen before it was scaled and moved.
  within(event) {
    const box = this.stage.getBoundingClientRect();
    const left = box.left + (box.width - this.size.width) / 2;
    return { x: event.clientX - left, y: event.clientY - box.top };
  }

  wheel(event) {
    if (!event.ctrlKey) return; // the page scrolls
    event.preventDefault();
    this.by(Math.exp(-event.deltaY / 200), this.within(event));
  }

  press(event) {
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.start = { x: event.clientX, y: event.clientY };
    this.dragged = this.pointers.size > 1;
  }

  move(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.pointers.set(event.pointerId, now);
    if (other) {
      const apart = (a) => Math.hypot(a.x - other.x, a.y - other.y);
      this.by(apart(now) / Math.max(apart(before), 1), this.within(event));
    } else if (this.place.scale > 1) {
      this.dragged ||= Math.hypot(now.x - this.start.x, now.y - this.start.y) > DRAG;
      if (!this.dragged) return;
      const { scale, x, y } = this.place;
      this.put(kept({ scale, x: x + now.x - before.x, y: y + now.y - before.y }, this.size));
    }
  }

  release(event) {
    this.pointers.delete(event.pointerId);
  }
}
