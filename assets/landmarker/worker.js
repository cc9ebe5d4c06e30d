// The landmarker in a thread of its own, so that the page stays smooth. Pictures come in and go out again with landmarks;
// of those that came while one was looked at, the newest.

import { compiled } from "../engine/kernels.js";
import { modelsIn } from "./bundle.js";
import { Landmarker } from "./landmarker.js";
import { Places } from "./places.js";

let landmarker;
let places;
let newest;

async function fetched(url, report = () => {}) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status} ${url}`);
  const parts = [];
  const reader = answer.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    report(part.value.length);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function open({ urls, ...settings }) {
  let loaded = 0;
  const bundle = fetched(urls.model, (bytes) => postMessage({ loaded: (loaded += bytes) }));
  const module = await compiled([urls.relaxed, urls.compatible], fetched); // meanwhile
  landmarker = await Landmarker.open(module, modelsIn(await bundle), settings);
  landmarker.find(new OffscreenCanvas(64, 64), 0); // the first look takes several times as long
  places = new Places(settings.people);
  postMessage({ opened: true });
}

function take(picture) {
  if (!newest) setTimeout(orFailed(look)); // after whatever has come already
  else {
    newest.picture.close();
    postMessage({ skipped: true });
  }
  newest = picture;
}

function look() {
  const { picture, time } = newest;
  newest = undefined;
  const began = performance.now();
  const { width, height } = picture;
  const points = places.filled(landmarker.find(picture, time));
  postMessage({ points, picture, width, height, time, took: performance.now() - began }, [points.buffer, picture]);
}

const orFailed = (act) => async (given) => {
  try {
    await act(given);
  } catch (error) {
    postMessage({ failed: String(error) });
  }
};

self.onmessage = orFailed(({ data }) => (data.urls ? open(data) : landmarker && take(data)));
