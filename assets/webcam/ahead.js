// Opens the engine ahead of its being needed; it is closed where nobody has taken it a while after this is gone.

import { closeSpare, openSpare } from "./spare_engine.js";

const TAKEN_WITHIN_MS = 5000;

export default function ({ data }) {
  openSpare(data);
  return () => setTimeout(closeSpare, TAKEN_WITHIN_MS);
}
