// The curves of a history, in the look that the server's figure has.

export class LiveChart {
  constructor(place) {
    this.place = place;
  }

  async open(address) {
    await import(address);
    this.plotly = globalThis.Plotly;
  }

  draw(history, person, joints, { data, layout, points }, seconds) {
    if (!this.plotly) return;
    const look = getComputedStyle(this.place);
    const curves = new Map(data.map(({ meta }) => [meta, history.curve(person, joints.indexOf(meta), seconds, points)]));
    const traces = data.map((trace) => {
      const curve = curves.get(trace.meta);
      const shown = trace.opacity === undefined ? curve.map(({ seen }) => seen) : guessed(curve);
      return { ...trace, x: curve.map(({ x }) => x), y: curve.map(({ y }, i) => (shown[i] ? y : null)) };
    });
    const font = { family: look.fontFamily, color: look.color, size: 12 };
    const shapes = unseen([...curves.values()]).map(([x0, x1]) => ({ ...layout.shapes[0], x0, x1 }));
    this.plotly.react(this.place, traces, { ...layout, font, shapes }, { staticPlot: true, responsive: true });
  }
}

// What is not seen, and the points next to it, so that lines meet.
function guessed(curve) {
  return curve.map(({ seen }, i) => !seen || curve[i + 1]?.seen === false || curve[i - 1]?.seen === false);
}

// From when to when nothing that is drawn was seen.
function unseen(curves) {
  const [first = []] = curves;
  const spans = [];
  let begun;
  first.forEach(({ x }, i) => {
    const none = curves.every((curve) => !curve[i].seen);
    if (none) begun ??= x;
    if (begun !== undefined && (!none || i === first.length - 1)) {
      spans.push([begun, x]);
      begun = undefined;
    }
  });
  return spans;
}
