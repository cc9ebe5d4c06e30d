// A file of TensorFlow Lite: the layers and weights of a network, as its schema lays them out (FlatBuffers, version 3).

const LAYERS = {
  0: "ADD",
  2: "CONCATENATION",
  3: "CONV_2D",
  4: "DEPTHWISE_CONV_2D",
  5: "DEPTH_TO_SPACE",
  6: "DEQUANTIZE",
  14: "LOGISTIC",
  17: "MAX_POOL_2D",
  22: "RESHAPE",
  23: "RESIZE_BILINEAR",
  34: "PAD",
  65: "SLICE",
};
const ACTIVATION = { ADD: 0, CONV_2D: 3, DEPTHWISE_CONV_2D: 4 }; // the field of a layer's options that limits what it says
const [EDGES_MADE_UP, FROM_0_TO_6] = [0, 3]; // what options say

// { tensors, layers, input, outputs }: `layers` in the order in which they are worked off, each a `name`, `inputs` and an
// `output`, which are places in `tensors`, as `input` and `outputs` are; and tensors a `shape`, and `bytes` or `numbers` where
// they are known.
export function readModel(content) {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const model = new Table(view, view.getUint32(0, true));
  const [graph] = model.tables(2);
  const kinds = model.tables(1).map((code) => Math.max(code.byte(0), code.long(3)));
  const buffers = model.tables(4);
  const tensors = graph.tables(0).map((tensor) => {
    const [begin, length] = buffers[tensor.long(2)].list(0);
    return { shape: tensor.longs(0), bytes: length ? content.subarray(begin, begin + length) : undefined };
  });
  const layers = graph.tables(3).map((layer) => {
    const name = LAYERS[kinds[layer.long(0)]];
    if (!name) throw new Error(`Layers of kind ${kinds[layer.long(0)]} are not known.`);
    return { name, inputs: layer.longs(1), output: layer.longs(2)[0], ...settings(name, layer.table(4)) };
  });
  const isUnpacked = ({ name }) => name === "DEQUANTIZE"; // weights are stored with half as many bits
  for (const { inputs, output } of layers.filter(isUnpacked)) tensors[output].numbers = fromHalves(tensors[inputs[0]].bytes);
  return { tensors, layers: layers.filter((layer) => !isUnpacked(layer)), input: graph.longs(1)[0], outputs: graph.longs(2) };
}

function settings(name, options) {
  const limited = name in ACTIVATION && options.byte(ACTIVATION[name]) === FROM_0_TO_6;
  return name.endsWith("CONV_2D") ? { limited, same: options.byte(0) === EDGES_MADE_UP, stride: options.long(1) } : { limited };
}

// Numbers of 16 bits: a sign, five bits of exponent, ten of fraction.
function fromHalves(bytes) {
  const halves = new Uint16Array(bytes.slice().buffer); // wherever they lie in the file
  const numbers = new Float32Array(halves.length);
  const bits = new Uint32Array(numbers.buffer);
  halves.forEach((half, i) => {
    const [sign, size] = [(half & 0x8000) << 16, half & 0x7fff];
    if (size < 0x0400) numbers[i] = (sign ? -size : size) * 2 ** -24; // too small for an exponent
    else bits[i] = sign | ((size << 13) + 0x38000000); // exponents begin at -15 there, here at -127
  });
  return numbers;
}

class Table {
  constructor(view, at) {
    Object.assign(this, { view, at, fields: at - view.getInt32(at, true) });
  }

  // Where a field lies; 0 if it has the usual value, which is not stored.
  field(number) {
    const place = 4 + 2 * number;
    const offset = place < this.view.getUint16(this.fields, true) && this.view.getUint16(this.fields + place, true);
    return offset ? this.at + offset : 0;
  }

  byte(number) {
    return this.field(number) && this.view.getInt8(this.field(number));
  }

  long(number) {
    return this.field(number) && this.view.getInt32(this.field(number), true);
  }

  pointed(at) {
    return at + this.view.getUint32(at, true);
  }

  table(number) {
    return this.field(number) ? new Table(this.view, this.pointed(this.field(number))) : undefined;
  }

  // Where a list begins, and how many there are in it.
  list(number) {
    if (!this.field(number)) return [0, 0];
    const at = this.pointed(this.field(number));
    return [at + 4, this.view.getUint32(at, true)];
  }

  entries(number) {
    const [begin, length] = this.list(number);
    return Array.from({ length }, (_, i) => begin + 4 * i);
  }

  tables(number) {
    return this.entries(number).map((at) => new Table(this.view, this.pointed(at)));
  }

  longs(number) {
    return this.entries(number).map((at) => this.view.getInt32(at, true));
  }
}
