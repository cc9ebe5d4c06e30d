// The landmarker in its thread: loads with a bar, takes one picture at a time.

export class Engine {
  // `bar` shows how much is there; `heard` gets { opened }, { failed } or what was found.
  constructor(data, still, bar, heard) {
    const { urls, bytes, people, confidence } = data;
    const absolute = Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, new URL(url, document.baseURI).href]));
    this.worker = new Worker(absolute.worker);
    Object.assign(bar, { hidden: false, max: bytes, value: 0 });
    this.worker.onerror = () => heard({ failed: "the worker does not start" });
    this.worker.onmessage = ({ data: news }) => {
      if (news.loaded) bar.value = news.loaded;
      else bar.hidden = true;
      if (!news.loaded) heard(news);
    };
    this.worker.postMessage({ urls: absolute, people, confidence, still });
  }

  look(picture, time) {
    this.worker.postMessage({ picture, time }, [picture]);
  }

  close() {
    this.worker.terminate();
  }
}
