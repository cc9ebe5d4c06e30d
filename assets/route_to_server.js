// Whether live pictures find a way to the server: it answers an offer at `address`, and nothing is sent.

const PATIENCE_MS = 2500;
const OVER = { connected: true, completed: true, failed: false };

function within(ms, promise, otherwise) {
  return Promise.race([promise, new Promise((done) => setTimeout(done, ms, otherwise))]);
}

// True, false, or undefined where nothing is known.
export async function reaches(address) {
  if (!window.RTCPeerConnection) return false;
  const connection = new RTCPeerConnection();
  const gathered = new Promise((done) => (connection.onicecandidate = ({ candidate }) => candidate || done()));
  const over = new Promise((done) => {
    connection.oniceconnectionstatechange = () => {
      const found = OVER[connection.iceConnectionState];
      if (found !== undefined) done(found);
    };
  });
  try {
    connection.createDataChannel("test");
    await connection.setLocalDescription();
    await within(PATIENCE_MS, gathered);
    if (!connection.localDescription.sdp.includes("a=candidate")) return false;
    const answer = await fetch(address, { method: "POST", body: JSON.stringify(connection.localDescription) });
    if (!answer.ok) return undefined;
    await connection.setRemoteDescription(await answer.json());
    return await within(PATIENCE_MS, over, false);
  } catch {
    return undefined;
  } finally {
    connection.close();
  }
}
