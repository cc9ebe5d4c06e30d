// Looks whether live pictures would find a way to the server, before anybody presses Start; says so where they would not.

import { reaches } from "./route_to_server.js";

let asked = false;

export default function ({ data, setStateValue }) {
  if (asked) return;
  asked = true;
  reaches(data.address).then((found) => found === false && setStateValue("missed", true));
}
