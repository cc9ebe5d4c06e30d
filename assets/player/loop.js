// A part of the clip that is played again and again; also where it is shown on the timeline.

// Where to go on when `time` is reached while playing; undefined while nothing is to be done.
export function loopedTo({ start, end }, time) {
  if (start === undefined && end === undefined) return undefined;
  return end !== undefined && time >= end ? (start ?? 0) : undefined;
}

// The start moved to `time`, or the end; the other one goes where both would change places.
export function withEdge(loop, edge, time) {
  const changed = { ...loop, [edge]: time };
  const { start, end } = changed;
  if (start === undefined || end === undefined || start < end) return changed;
  return { [edge]: time };
}

export class Loop {
  constructor(mark) {
    this.mark = mark;
    this.span = {};
  }

  get on() {
    return this.span.start !== undefined || this.span.end !== undefined;
  }

  set(span) {
    this.span = span;
  }

  setEdge(edge, time) {
    this.span = withEdge(this.span, edge, time);
  }

  // The band on the timeline, which runs from `first` to `last`.
  show(first, last) {
    this.mark.hidden = !this.on;
    const share = (time) => `${(100 * (time - first)) / Math.max(last - first, 1e-6)}%`;
    const { start = first, end = last } = this.span;
    this.mark.style.left = share(start);
    this.mark.style.width = share(end - start + first);
  }
}
