// The landmarker in its thread: loads with a bar, takes one picture at a time.

export class Engine {
  constructor({ urls, bytes, people, confidence }, still) {
    const absolute = Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, new URL(url, document.baseURI).href]));
    Object.assign(this, { bytes, loaded: 0, worker: new Worker(absolute.worker) });
    this.worker.onerror = () => this.take({ failed: "the worker does not start" });
    this.worker.onmessage = ({ data: news }) => (news.loaded ? this.load(news.loaded) : this.take(news));
    this.worker.postMessage({ urls: absolute, people, confidence, still });
  }

  // `bar` shows how much is there; `heard` gets { opened } or { failed }, also if that was before, or what was found.
  hear(bar, heard) {
    Object.assign(this, { bar, heard });
    Object.assign(bar, { hidden: Boolean(this.first), max: this.bytes, value: this.loaded });
    if (this.first) heard(this.first);
  }

  load(bytes) {
    this.loaded = bytes;
    if (this.bar) this.bar.value = bytes;
  }

  take(news) {
    this.first ??= news;
    if (this.bar) this.bar.hidden = true;
    this.heard?.(news);
  }

  look(picture, time) {
    this.worker.postMessage({ picture, time }, [picture]);
  }

  close() {
    this.worker.terminate();
  }
}
