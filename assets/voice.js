// The count, said aloud.

import { Speech } from "./speech.js";

const voices = new WeakMap();

export default function ({ parentElement, data }) {
  if (!voices.has(parentElement)) voices.set(parentElement, new Speech());
  voices.get(parentElement).say(data.count, data.language);
}
