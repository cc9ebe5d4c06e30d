// The landmarker in its thread: loads with a bar, looks at the newest of the pictures that it is given.

const MOST = 3; // pictures that are with it: one is looked at, one is next, one on its way

export class Engine {
  // `bar` shows how much is there; `heard` gets { opened }, { failed } or what was found.
  constructor(data, still, bar, heard) {
    const { urls, bytes, people, confidence } = data;
    const absolute = Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, new URL(url, document.baseURI).href]));
    this.worker = new Worker(absolute.worker);
    this.pictures = 0;
    Object.assign(bar, { hidden: false, max: bytes, value: 0 });
    this.worker.onerror = () => heard({ failed: "the worker does not start" });
    this.worker.onmessage = ({ data: news }) => {
      if (news.loaded) bar.value = news.loaded;
      else bar.hidden = true;
      if (news.points || news.skipped) this.pictures--;
      if (!news.loaded && !news.skipped) heard(news);
    };
    this.worker.postMessage({ urls: absolute, people, confidence, still });
  }

  get isFull() {
    return this.pictures >= MOST;
  }

  look(picture, time) {
    this.pictures++;
    this.worker.postMessage({ picture, time }, [picture]);
  }

  close() {
    this.worker.terminate();
  }
}
