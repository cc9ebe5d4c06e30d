// A cursor along every chart in an element; a click on a curve says its time, and whose curve it is.

export class ChartCursors {
  constructor(onClick) {
    this.onClick = onClick;
  }

  moveTo(time, selector, colour) {
    for (const chart of document.querySelectorAll(`${selector} .js-plotly-plot`)) {
      const layout = chart._fullLayout;
      if (!layout?.xaxis?.l2p || !chart.on) continue;
      if (chart.linked !== this) {
        chart.linked = this;
        chart.on("plotly_click", ({ points: [point] }) => this.onClick(point.x, point.data.meta));
      }
      this.moveCursor(chart, layout, time, colour);
    }
  }

  moveCursor(chart, layout, time, colour) {
    const cursor = chart.querySelector(":scope > .clip-cursor") ?? this.newCursor(chart, colour);
    const x = layout.xaxis.l2p(time);
    cursor.hidden = x < 0 || x > layout.xaxis._length;
    cursor.style.left = `${layout.xaxis._offset + x - 1}px`;
    cursor.style.top = `${layout._size.t}px`; // over all that stands one above the other
    cursor.style.height = `${layout._size.h}px`;
    cursor.dataset.time = time;
  }

  newCursor(chart, colour) {
    const cursor = chart.appendChild(document.createElement("div"));
    cursor.className = "clip-cursor";
    cursor.style.cssText = `position:absolute;width:2px;background:${colour};pointer-events:none;z-index:5`;
    chart.style.position = "relative";
    return cursor;
  }

  remove() {
    document.querySelectorAll(".clip-cursor").forEach((cursor) => cursor.remove());
  }
}
