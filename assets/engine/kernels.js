// A program in the memory of kernels.c, which runs it.

import { ARRANGED } from "./program.js";

const KINDS = ["POINTS", "AREAS", "WINDOWS", "SUM", "LARGEST_OF_FOUR", "LARGER", "SPREAD", "WIDER"];
const NUMBERS = ["height", "width", "channels", "high", "wide", "deep", "window", "stride", "top", "left"];
const ADDRESSES = ["input", "other", "output", "rows", "line", "weights"];
const [LIMIT_WORDS, MIX_WORDS] = [2, 4];
const MIXES = 1 + NUMBERS.length + ADDRESSES.length + LIMIT_WORDS; // words of a step before them
const STEP = MIXES + 2 * MIX_WORDS;
const [LARGEST, TILE] = [5, 4]; // as there
const [WORD, LINE, PAGE] = [4, 16, 65536]; // bytes; words at a multiple of which everything begins; bytes

const lines = (words) => Math.ceil(words / LINE) * LINE;
const largest = (sizes) => Math.max(0, ...sizes);

export const logistic = (value) => 0.5 + 0.5 * Math.tanh(0.5 * value); // written so that nothing overflows

// The first of some builds that runs here: `fetched` gives the bytes of one.
export async function compiled(builds, fetched) {
  for (const build of builds) {
    const content = await fetched(build);
    if (WebAssembly.validate(content)) return WebAssembly.compile(content);
  }
  throw new Error("WebAssembly has no SIMD here.");
}

export class Kernels {
  static async open(module, program) {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
    return new Kernels(exports, memory, program);
  }

  constructor(exports, memory, program) {
    const layout = new Layout(lines(exports.free_from() / WORD), program);
    memory.grow(Math.ceil((layout.end * WORD) / PAGE));
    this.numbers = new Float32Array(memory.buffer);
    layout.write(this.numbers, new Int32Array(memory.buffer));
    const { tensor, top, left } = program.picture;
    const { width } = program.size(tensor);
    const row = width * program.channels(tensor);
    this.picture = { row, at: layout.tensors.get(tensor) + top * row + left * program.channels(tensor) };
    this.run = () => exports.run(layout.table * WORD, layout.steps);
    this.readers = program.outputs.map((one) => this.reader(program, layout.tensors, one));
  }

  // What it makes of the picture that lies at `picture`, an array for each output.
  outputs() {
    this.run();
    return this.readers.map((read) => read());
  }

  reader(program, tensors, tensor) {
    const { name, inputs } = program.makers.get(tensor);
    if (name === "SLICE") return this.plain(program, tensors, inputs[0], program.channels(tensor));
    if (!ARRANGED.includes(name)) return this.plain(program, tensors, tensor, program.channels(tensor));
    const parts = inputs.slice(0, name === "CONCATENATION" ? inputs.length : 1).map((one) => this.reader(program, tensors, one));
    if (name === "CONCATENATION") return () => joined(parts.map((read) => read()));
    return name === "LOGISTIC" ? () => parts[0]().map(logistic) : parts[0];
  }

  // Reads a tensor without what fills up its channels.
  plain(program, tensors, tensor, channels) {
    const { height, width } = program.size(tensor);
    const [begin, stored, pixels] = [tensors.get(tensor), program.stored(tensor), height * width];
    const known = Math.min(channels, stored);
    return () => {
      const values = new Float32Array(pixels * channels);
      for (let pixel = 0; pixel < pixels; pixel++) {
        const at = begin + pixel * stored;
        values.set(this.numbers.subarray(at, at + known), pixel * channels);
      }
      return values;
    };
  }
}

function joined(parts) {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

// What lies where in memory, in words.
class Layout {
  constructor(begin, program) {
    Object.assign(this, { end: begin, program, steps: program.steps.length });
    this.table = this.taken(STEP * this.steps);
    this.weights = new Map();
    for (const step of program.steps) {
      for (const one of [step, step.before, step.after]) if (one?.weights) this.weights.set(one.weights, this.taken(one.weights.length));
    }
    const windows = program.steps.filter(({ kind }) => kind === "WINDOWS");
    this.rows = this.taken(largest(windows.map(({ window, width, channels }) => (window + 1) * (width + 2 * LARGEST + TILE) * channels)));
    const line = ({ kind, wide, window, channels }) => (wide + TILE) * channels * (kind === "AREAS" ? window ** 2 : 1);
    this.line = this.taken(largest(program.steps.map(line)));
    this.tensors = new Map();
    this.placeTensors();
  }

  taken(words) {
    const at = this.end;
    this.end += lines(words);
    return at;
  }

  // Each in the place of others that nobody needs any more, since what is used again is still near.
  placeTensors() {
    const { picture, steps, outputs } = this.program;
    const needed = new Map(); // number of the last step that needs it
    steps.forEach(({ input, other }, number) => [input, other].forEach((one) => needed.set(one, number)));
    for (const one of [picture.tensor, ...outputs.flatMap((output) => this.arranged(output))]) needed.set(one, Infinity);
    const begin = this.end;
    let busy = []; // by their places
    const place = (tensor, number) => {
      busy = busy.filter(({ until }) => until >= number);
      const size = this.tensorWords(tensor);
      const gap = busy.findIndex(({ at }, i) => at - (i ? busy[i - 1].end : begin) >= size);
      const next = gap < 0 ? busy.length : gap;
      const at = next ? busy[next - 1].end : begin;
      busy.splice(next, 0, { at, end: at + size, until: needed.get(tensor) });
      this.tensors.set(tensor, at);
      this.end = Math.max(this.end, at + size);
    };
    place(picture.tensor, 0);
    steps.forEach(({ output }, number) => place(output, number));
  }

  tensorWords(tensor) {
    const { height, width } = this.program.size(tensor);
    return lines((height * width + TILE - 1) * this.program.stored(tensor));
  }

  // The tensors of which an output is arranged.
  arranged(tensor) {
    const { name, inputs } = this.program.makers.get(tensor);
    return ARRANGED.includes(name) ? inputs.filter((one) => this.program.makers.has(one)).flatMap((one) => this.arranged(one)) : [tensor];
  }

  write(numbers, words) {
    for (const [weights, at] of this.weights) numbers.set(weights, at);
    const address = (word) => (word ?? 0) * WORD;
    this.program.steps.forEach((step, number) => {
      const at = this.table + STEP * number;
      const [input, other, output] = [step.input, step.other, step.output].map((tensor) => this.tensors.get(tensor));
      const places = { input, other, output, rows: this.rows, line: this.line, weights: this.weights.get(step.weights) };
      words.set([KINDS.indexOf(step.kind), ...NUMBERS.map((name) => step[name] ?? 0), ...ADDRESSES.map((name) => address(places[name]))], at);
      numbers.set([step.least ?? 0, step.most ?? 0], at + MIXES - LIMIT_WORDS);
      [step.before, step.after].forEach((mix, i) => {
        if (!mix) return;
        words.set([mix.channels, address(this.weights.get(mix.weights))], at + MIXES + i * MIX_WORDS);
        numbers.set([mix.least, mix.most], at + MIXES + i * MIX_WORDS + 2);
      });
    });
  }
}
