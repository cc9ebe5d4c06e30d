// MediaPipe's pose landmarker in a thread of its own, so that the page stays smooth. Pictures come in, landmarks go out.

const LANDMARKS = 33;
const VALUES = 8; // x, y, z in pixels, visibility, presence, x, y, z in metres
const TRUNK = [11, 12, 23, 24];

let engine;
let places;
let single; // pictures that have nothing to do with each other
let newest = 0; // milliseconds; the landmarker wants them to rise

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

// Read by the landmarker when it comes to it; the engine is compiled while this loads.
function model(url) {
  let loaded = 0;
  const whole = fetched(url, (bytes) => postMessage({ loaded: (loaded += bytes) }));
  const steps = [async () => ({ done: false, value: await whole }), async () => ({ done: true })];
  return { read: () => steps.shift()() };
}

async function open({ urls, people, confidence, still }) {
  const modelAssetBuffer = model(urls.model);
  const bundle = await import(urls.bundle);
  engine?.close();
  engine = await bundle.PoseLandmarker.createFromOptions(
    { wasmLoaderPath: urls.loader, wasmBinaryPath: urls.wasm },
    {
      baseOptions: { modelAssetBuffer, delegate: "CPU" },
      runningMode: still ? "IMAGE" : "VIDEO",
      numPoses: people,
      minPoseDetectionConfidence: confidence,
      minPosePresenceConfidence: confidence,
      minTrackingConfidence: confidence,
    },
  );
  single = still;
  places = new Places(people);
  found(new OffscreenCanvas(64, 64), 0); // the first look takes several times as long
  postMessage({ opened: true });
}

const found = (picture, time) => (single ? engine.detect(picture) : engine.detectForVideo(picture, time));

function look({ picture, time }) {
  const began = performance.now();
  newest = Math.max(time, newest + 1);
  const { width, height } = picture;
  const { landmarks, worldLandmarks } = found(picture, newest);
  picture.close();
  const bodies = landmarks.map((points, person) => body(points, worldLandmarks[person], width, height));
  const points = places.filled(bodies);
  postMessage({ points, width, height, time, took: performance.now() - began }, [points.buffer]);
}

function body(points, world, width, height) {
  const values = new Float32Array(LANDMARKS * VALUES);
  points.forEach(({ x, y, z, visibility, presence }, i) => {
    const { x: across, y: down, z: deep } = world[i];
    values.set([x * width, y * height, z * width, visibility, presence, across, down, deep], i * VALUES);
  });
  return values;
}

// Who is who from frame to frame: whoever is nearest to where somebody was keeps their place.
class Places {
  constructor(people) {
    this.known = Array.from({ length: people });
  }

  filled(bodies) {
    const points = new Float32Array(this.known.length * LANDMARKS * VALUES).fill(NaN);
    const pairs = bodies.flatMap((one, number) => this.known.map((other, place) => ({ number, place, apart: apart(one, other) })));
    const placed = new Set();
    const taken = new Set();
    for (const { number, place } of pairs.sort((a, b) => a.apart - b.apart)) {
      if (placed.has(number) || taken.has(place)) continue;
      placed.add(number);
      taken.add(place);
      this.known[place] = bodies[number];
      points.set(bodies[number], place * LANDMARKS * VALUES);
    }
    return points;
  }
}

// Of two bodies in trunks; nobody yet is far from everybody, but nearer than somebody elsewhere.
function apart(one, other) {
  if (!other) return 1.5;
  const gap = (i) => Math.hypot(one[i * VALUES] - other[i * VALUES], one[i * VALUES + 1] - other[i * VALUES + 1]);
  const length = Math.hypot(other[11 * VALUES] - other[23 * VALUES], other[11 * VALUES + 1] - other[23 * VALUES + 1]);
  return TRUNK.reduce((sum, i) => sum + gap(i), 0) / TRUNK.length / Math.max(length, 1);
}

self.onmessage = async ({ data }) => {
  try {
    if (data.urls) await open(data);
    else if (engine) look(data);
  } catch (error) {
    postMessage({ failed: String(error) });
  }
};
