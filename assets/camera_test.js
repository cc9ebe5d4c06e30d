// Looks whether this browser gives its camera and whether there is a way for live pictures. Says what it found in a
// word; the page has the sentences.

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

async function route(iceServers) {
  if (!window.RTCPeerConnection) return "no_webrtc";
  const found = new Set();
  const connection = new RTCPeerConnection({ iceServers });
  try {
    connection.createDataChannel("test");
    await connection.setLocalDescription(await connection.createOffer());
    await new Promise((done) => {
      connection.onicecandidate = ({ candidate }) => (candidate ? found.add(candidate.type) : done());
      setTimeout(done, GATHERING_MS);
    });
  } finally {
    connection.close();
  }
  const relays = iceServers.some((server) => [server.urls].flat().some((url) => url.startsWith("turn")));
  if (relays) return found.has("relay") ? "ok_relay" : "no_relay";
  if (!found.size) return "no_route";
  return ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname) ? "ok" : "ok_without_relay";
}

export default function ({ parentElement, data, setStateValue }) {
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.onclick = async () => {
    button.disabled = true;
    button.textContent = data.busy;
    const result = (await camera()) ?? (await route(data.iceServers));
    button.disabled = false;
    button.textContent = data.label;
    setStateValue("result", result);
  };
}
