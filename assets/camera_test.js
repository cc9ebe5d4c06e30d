// Looks whether this browser gives its camera and whether there is a way for live pictures. Says what it found in a
// word; the page has the sentences.

import { reaches } from "./route_to_server.js";

const GATHERING_MS = 6000;
const CAMERA = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "no_camera",
  OverconstrainedError: "no_camera",
  NotReadableError: "in_use",
  AbortError: "in_use",
};

async function camera() {
  if (!navigator.mediaDevices?.getUserMedia) return "insecure";
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: true });
    stream.getTracks().forEach((track) => track.stop());
    return null;
  } catch (error) {
    return CAMERA[error.name] ?? "camera_failed";
  }
}

// A relay shows itself only to whoever has its password.
async function relayed(iceServers) {
  const connection = new RTCPeerConnection({ iceServers, iceTransportPolicy: "relay" });
  try {
    connection.createDataChannel("test");
    await connection.setLocalDescription();
    return await new Promise((done) => {
      connection.onicecandidate = ({ candidate }) => done(candidate?.type === "relay"); // Firefox ends with an empty one
      setTimeout(done, GATHERING_MS, false);
    });
  } finally {
    connection.close();
  }
}

async function route({ iceServers, address }) {
  if (!window.RTCPeerConnection) return "no_webrtc";
  const relays = iceServers.some(({ urls }) => [urls].flat().some((url) => url.startsWith("turn")));
  if (relays) return (await relayed(iceServers)) ? "ok_relay" : "no_relay";
  const found = iceServers.length ? undefined : await reaches(address); // which asks nobody for its address
  return found === undefined ? "unsure" : found ? "ok" : "no_route";
}

export default function ({ parentElement, data, setStateValue }) {
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.onclick = async () => {
    button.disabled = true;
    button.textContent = data.busy;
    const result = (await camera()) ?? (await route(data));
    button.disabled = false;
    button.textContent = data.label;
    setStateValue("result", result);
  };
}
