// Small panels under the bar, one open at a time.

export class Panels {
  constructor(root, signal) {
    this.root = root;
    for (const opener of root.querySelectorAll("[data-opens]")) {
      opener.addEventListener("click", () => this.toggle(opener.dataset.opens), { signal });
    }
  }

  toggle(name) {
    for (const panel of this.root.querySelectorAll("[data-panel]")) {
      panel.hidden = panel.dataset.panel !== name || !panel.hidden;
      const opener = this.root.querySelector(`[data-opens=${panel.dataset.panel}]`);
      opener.setAttribute("aria-expanded", String(!panel.hidden));
    }
  }

  close() {
    for (const panel of this.root.querySelectorAll("[data-panel]:not([hidden])")) this.toggle(panel.dataset.panel);
  }
}
