// A neural network in LiteRT that looks at squares of pictures.

export const logistic = (value) => 0.5 + 0.5 * Math.tanh(0.5 * value); // written so that nothing overflows

export class Network {
  // `litert` is its module, `content` the model; black becomes `lowest` at the input, and white 1.
  static async open(litert, content, lowest) {
    return new Network(litert, await litert.loadAndCompile(content, { accelerator: "wasm" }), lowest);
  }

  constructor(litert, model, lowest) {
    this.shape = [...model.getInputDetails()[0].shape];
    const [, side] = this.shape;
    Object.assign(this, { litert, model, side, input: new Float32Array(3 * side * side) });
    this.levels = Float32Array.from({ length: 256 }, (_, level) => lowest + ((1 - lowest) * level) / 255);
    this.pen = new OffscreenCanvas(side, side).getContext("2d", { willReadFrequently: true });
  }

  // What it says of a region, an array for each output.
  async run(picture, region, edges) {
    const { side, input, levels } = this;
    region.cut(picture, this.pen, side, edges);
    const pixels = this.pen.getImageData(0, 0, side, side).data;
    for (let pixel = 0, place = 0; pixel < pixels.length; pixel += 4) {
      input[place++] = levels[pixels[pixel]];
      input[place++] = levels[pixels[pixel + 1]];
      input[place++] = levels[pixels[pixel + 2]];
    }
    const tensor = new this.litert.Tensor(input, this.shape);
    const outputs = await this.model.run(tensor);
    const values = outputs.map((output) => output.toTypedArray());
    for (const one of [tensor, ...outputs]) one.delete();
    return values;
  }
}
