// Keeps a phone's screen on while somebody exercises in front of it.

export class Awake {
  constructor() {
    this.again = () => this.wanted && document.visibilityState === "visible" && this.ask();
    document.addEventListener("visibilitychange", this.again); // the lock ends where the page is out of sight
  }

  keep(wanted) {
    this.wanted = wanted;
    if (wanted) return this.ask();
    this.lock?.release();
    this.lock = undefined;
  }

  async ask() {
    try {
      this.lock = await navigator.wakeLock?.request("screen");
      if (!this.wanted) this.keep(false); // it has been too slow
    } catch (error) {
      console.info("the screen may go dark", error.name); // a battery that is low, for one
    }
  }

  end() {
    this.keep(false);
    document.removeEventListener("visibilitychange", this.again);
  }
}
