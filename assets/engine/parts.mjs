export { Tensor, loadAndCompile, loadLiteRt, supportsFeature } from "@litertjs/core";
