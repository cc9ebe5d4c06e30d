// MediaPipe's file of models: a ZIP that packs nothing.

const [END, ENTRY, HEADER] = [22, 46, 30]; // bytes of its end, of an entry in its list, of the header before a file

// By their names.
export function modelsIn(bundle) {
  const view = new DataView(bundle.buffer);
  const short = (at) => view.getUint16(at, true);
  const long = (at) => view.getUint32(at, true);
  const end = bundle.length - END;
  const found = {};
  for (let at = long(end + 16), left = short(end + 10); left; left--) {
    const next = at + ENTRY + short(at + 28);
    const header = long(at + 42);
    const content = header + HEADER + short(header + 26) + short(header + 28);
    found[new TextDecoder().decode(bundle.subarray(at + ENTRY, next))] = bundle.subarray(content, content + long(at + 20));
    at = next + short(at + 30) + short(at + 32);
  }
  return found;
}
