// The landmarker in a thread of its own, so that the page stays smooth. Pictures come in and go out again with landmarks.

import { modelsIn } from "./bundle.js";
import { Landmarker } from "./landmarker.js";
import { Places } from "./places.js";

let landmarker;
let places;

async function fetched(url, report) {
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
  const bundle = fetched(urls.model, (bytes) => postMessage({ loaded: (loaded += bytes) })); // while LiteRT is compiled
  const litert = await import(urls.bundle);
  const relaxed = await litert.supportsFeature("relaxedSimd");
  self.Module = {
    locateFile: () => (relaxed ? urls.wasm : urls.compatible_wasm),
    printErr: (words) => words.startsWith("ERROR") && console.error(words), // and not what it does
  };
  await litert.loadLiteRt(relaxed ? urls.loader : urls.compatible_loader);
  landmarker = await Landmarker.open(litert, modelsIn(await bundle), settings);
  await landmarker.find(new OffscreenCanvas(64, 64), 0); // the first look takes several times as long
  places = new Places(settings.people);
  postMessage({ opened: true });
}

async function look({ picture, time }) {
  const began = performance.now();
  const { width, height } = picture;
  const points = places.filled(await landmarker.find(picture, time));
  postMessage({ points, picture, width, height, time, took: performance.now() - began }, [points.buffer, picture]);
}

self.onmessage = async ({ data }) => {
  try {
    if (data.urls) await open(data);
    else if (landmarker) await look(data);
  } catch (error) {
    postMessage({ failed: String(error) });
  }
};
