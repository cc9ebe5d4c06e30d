// A network made into the steps of kernels.c. Layers that follow one another become one step where nobody else needs what
// lies between them: it works them off row by row.

export const ARRANGED = ["CONCATENATION", "LOGISTIC", "RESHAPE", "SLICE"]; // numbers anew, which is done where they are read
const PANEL = 8; // channels are filled up to a multiple of it
const NO_EDGE = { top: 0, left: 0 };
const LIMITS = { least: 0, most: 6 };
const NO_LIMITS = { least: -Infinity, most: Infinity };

const filled = (channels) => Math.ceil(channels / PANEL) * PANEL;
const limits = ({ limited }) => (limited ? LIMITS : NO_LIMITS);
const isSum = (layer) => layer?.name === "ADD";
const isWindows = (layer) => layer?.name === "DEPTHWISE_CONV_2D";

export class Program {
  constructor({ tensors, layers, input, outputs }) {
    Object.assign(this, { tensors, outputs, steps: [] });
    this.picture = { tensor: input, ...NO_EDGE }; // where it lies in a tensor
    this.used = new Map([[input, tensors[input].shape[3]]]); // channels that can be other than 0
    this.edges = new Map(); // tensors that are others with an edge around them
    this.joined = new Set(); // layers that are parts of others' steps
    this.order = new Map(layers.map((layer, place) => [layer, place]));
    this.makers = new Map(layers.map((layer) => [layer.output, layer]));
    this.users = new Map();
    for (const layer of layers) {
      for (const one of layer.inputs) this.users.set(one, [...(this.users.get(one) ?? []), layer]);
    }
    for (const layer of layers) if (!this.joined.has(layer) && !ARRANGED.includes(layer.name)) this[layer.name](layer);
    this.steps.sort((one, other) => one.place - other.place);
  }

  CONV_2D(layer) {
    const [input] = layer.inputs;
    const { window } = this.kernel(layer);
    if (window > 1) this.add("AREAS", layer, input, { window, stride: layer.stride, after: this.mix(layer, input) });
    else if (!isWindows(this.userBehindEdge(layer.output))) {
      const { last, ...end } = this.end(layer, input);
      this.add("POINTS", last, input, end);
    }
  }

  DEPTHWISE_CONV_2D(layer) {
    const { window } = this.kernel(layer);
    const { tensor, ...edge } = this.edges.get(layer.inputs[0]) ?? this.edge(layer, window);
    const first = this.makers.get(tensor);
    const begins = this.isPoints(first) && !this.joined.has(first) && this.userBehindEdge(tensor) === layer;
    const input = begins ? first.inputs[0] : tensor;
    const before = begins ? this.mix(first, input) : undefined;
    const [used, channels] = [this.used.get(tensor), this.stored(tensor)];
    this.used.set(layer.output, used);
    const next = this.onlyUser(layer.output);
    const { last, ...end } = this.isPoints(next) ? this.end(next, layer.output) : { last: layer };
    const weights = windowWeights(...this.weights(layer), used, channels);
    const own = { channels, window, stride: layer.stride, weights, ...edge, ...limits(layer) };
    this.add("WINDOWS", last, input, { ...own, before, ...end });
  }

  ADD(layer) {
    const [input, other] = layer.inputs;
    this.used.set(layer.output, Math.max(this.used.get(input), this.used.get(other)));
    this.add("SUM", layer, input, { other, ...limits(layer) });
  }

  MAX_POOL_2D(layer) {
    this.used.set(layer.output, this.used.get(layer.inputs[0]));
    this.add("LARGEST_OF_FOUR", layer, layer.inputs[0]);
  }

  RESIZE_BILINEAR(layer) {
    this.used.set(layer.output, this.used.get(layer.inputs[0]));
    this.add("LARGER", layer, layer.inputs[0]);
  }

  DEPTH_TO_SPACE(layer) {
    this.used.set(layer.output, this.channels(layer.output));
    this.add("SPREAD", layer, layer.inputs[0]);
  }

  PAD(layer) {
    const [tensor, sizes] = layer.inputs;
    const [, , top, , left, , , channels] = new Int32Array(this.tensors[sizes].bytes.slice().buffer);
    if (channels) {
      this.used.set(layer.output, this.channels(layer.output));
      this.add("WIDER", layer, tensor);
    } else if (tensor === this.picture.tensor) {
      this.picture = { tensor: layer.output, top, left };
      this.used.set(layer.output, this.used.get(tensor));
    } else this.edges.set(layer.output, { tensor, top, left });
  }

  add(kind, last, input, more) {
    const { height: high, width: wide } = this.size(last.output);
    const sizes = { ...this.size(input), channels: this.stored(input), high, wide, deep: this.stored(last.output) };
    this.steps.push({ kind, place: this.order.get(last), input, output: last.output, ...sizes, ...more });
  }

  size(tensor) {
    const [, height, width] = this.tensors[tensor].shape;
    return { height, width };
  }

  channels(tensor) {
    return this.tensors[tensor].shape.at(-1);
  }

  // Channels as they lie in memory.
  stored(tensor) {
    return tensor === this.picture.tensor ? this.used.get(tensor) : filled(this.used.get(tensor));
  }

  kernel(layer) {
    const [count, window, , channels] = this.tensors[layer.inputs[1]].shape;
    return { count, window, channels };
  }

  weights({ inputs: [, kernel, bias] }) {
    return [this.tensors[kernel].numbers, this.tensors[bias].numbers];
  }

  isPoints(layer) {
    return layer?.name === "CONV_2D" && this.kernel(layer).window === 1;
  }

  // The layer that alone needs a tensor.
  onlyUser(tensor) {
    const users = this.users.get(tensor) ?? [];
    return users.length === 1 && !this.outputs.includes(tensor) ? users[0] : undefined;
  }

  userBehindEdge(tensor) {
    const user = this.onlyUser(tensor);
    return user?.name === "PAD" ? this.onlyUser(user.output) : user;
  }

  // What a layer makes up around its input.
  edge(layer, window) {
    const [tensor] = layer.inputs;
    if (!layer.same) return { tensor, ...NO_EDGE };
    const [input, output] = [this.size(tensor), this.size(layer.output)];
    const before = (side) => Math.max((output[side] - 1) * layer.stride + window - input[side], 0) >> 1;
    return { tensor, top: before("height"), left: before("width") };
  }

  // How a step ends: a mix and, where that follows, a sum.
  end(layer, input) {
    const after = this.mix(layer, input);
    const sum = this.onlyUser(layer.output);
    if (!isSum(sum) || layer.limited || this.joined.has(sum)) return { last: layer, after };
    this.joined.add(sum);
    this.used.set(sum.output, this.used.get(layer.output));
    return { last: sum, after: { ...after, ...limits(sum) }, other: sum.inputs.find((one) => one !== layer.output) };
  }

  mix(layer, input) {
    this.joined.add(layer);
    const { window, channels: each } = this.kernel(layer);
    const places = window * window;
    const apart = places > 1 ? this.stored(input) : this.used.get(input); // of a place in `weights`
    const [kernel, bias] = this.weights(layer);
    const used = usedChannels(kernel, bias);
    this.used.set(layer.output, used);
    const shape = { used, places, each, apart, known: Math.min(each, apart) };
    return { weights: mixWeights(kernel, bias, shape), channels: places * apart, ...limits(layer) };
  }
}

// Channels that can be other than 0: models may have more for the sake of another engine's tiles.
function usedChannels(kernel, bias) {
  const numbers = kernel.length / bias.length;
  const isUsed = (channel) => bias[channel] || kernel.subarray(channel * numbers, (channel + 1) * numbers).some(Boolean);
  let used = bias.length;
  while (used > 1 && !isUsed(used - 1)) used--;
  return used;
}

// In the order in which `mix` of kernels.c reads them: for each panel of channels the biases, then by what a number that
// goes in is multiplied for each of them.
function mixWeights(kernel, bias, { used, places, each, apart, known }) {
  const numbers = places * apart;
  const weights = new Float32Array(filled(used) * (1 + numbers));
  for (let channel = 0; channel < used; channel++) {
    const begin = (channel - (channel % PANEL)) * (1 + numbers) + (channel % PANEL);
    weights[begin] = bias[channel];
    for (let place = 0; place < places; place++) {
      const [to, from] = [begin + PANEL * (1 + place * apart), (channel * places + place) * each];
      for (let i = 0; i < known; i++) weights[to + PANEL * i] = kernel[from + i];
    }
  }
  return weights;
}

// In the order in which `row_of_windows` of kernels.c reads them: biases, then each place of a window, all channels.
function windowWeights(kernel, bias, used, stored) {
  const weights = new Float32Array((1 + kernel.length / bias.length) * stored);
  weights.set(bias.subarray(0, used));
  for (let from = 0, to = stored; from < kernel.length; from += bias.length, to += stored) {
    weights.set(kernel.subarray(from, from + used), to);
  }
  return weights;
}
