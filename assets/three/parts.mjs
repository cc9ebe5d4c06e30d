export {
  AnimationMixer, BufferAttribute, BufferGeometry, DirectionalLight, Group, HemisphereLight, LineBasicMaterial, LineSegments, LoadingManager,
  MathUtils, Matrix4, Mesh, PerspectiveCamera, PlaneGeometry, Quaternion, Scene, ShadowMaterial, Vector3, WebGLRenderer,
} from "three";
export { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
export { BVHLoader } from "three/examples/jsm/loaders/BVHLoader.js";
export { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
