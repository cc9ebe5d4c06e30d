// An engine that is opened while the server is tried, in case that no picture comes through to it. It waits at the
// document, since components have no module in common.

import { Engine } from "./engine.js";

const PLACE = Symbol.for("poselab-spare-engine");

const alike = (one, other) =>
  one.urls.model === other.urls.model && one.people === other.people && one.confidence === other.confidence;

export function openSpare(data) {
  if (document[PLACE] && alike(document[PLACE].data, data)) return;
  closeSpare();
  document[PLACE] = { data, engine: new Engine(data, false) };
}

export function closeSpare() {
  document[PLACE]?.engine.close();
  delete document[PLACE];
}

// The one that waits, if it is what was asked for; a new one otherwise.
export function spareOrNew(data) {
  const spare = document[PLACE];
  if (!spare || !alike(spare.data, data)) return new Engine(data, false);
  delete document[PLACE];
  return spare.engine;
}
