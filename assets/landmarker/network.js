// A neural network that looks at squares of pictures.

import { Kernels } from "../engine/kernels.js";
import { readModel } from "../engine/model_file.js";
import { Program } from "../engine/program.js";

export class Network {
  // `module` is the compiled kernels, `content` the model; black becomes `lowest` at the input, and white 1.
  static async open(module, content, lowest) {
    const model = readModel(content);
    const [, side] = model.tensors[model.input].shape;
    return new Network(await Kernels.open(module, new Program(model)), side, lowest);
  }

  constructor(kernels, side, lowest) {
    Object.assign(this, { kernels, side });
    this.levels = Float32Array.from({ length: 256 }, (_, level) => lowest + ((1 - lowest) * level) / 255);
    this.pen = new OffscreenCanvas(side, side).getContext("2d", { willReadFrequently: true });
  }

  // What it says of a region, an array for each output.
  run(picture, region, edges) {
    const { kernels, levels, pen, side } = this;
    region.cut(picture, pen, side, edges);
    const pixels = pen.getImageData(0, 0, side, side).data;
    for (let y = 0, pixel = 0; y < side; y++) {
      let place = kernels.picture.at + y * kernels.picture.row;
      for (const end = pixel + 4 * side; pixel < end; pixel += 4) {
        kernels.numbers[place++] = levels[pixels[pixel]];
        kernels.numbers[place++] = levels[pixels[pixel + 1]];
        kernels.numbers[place++] = levels[pixels[pixel + 2]];
      }
    }
    return kernels.outputs();
  }
}
