// Opens compiled programs: which of two modules this engine needs, and machines made of them.

import { Machine } from "./machine.js";
import { unpack } from "./pack.js";

/** @typedef {import("./machine.js").KitHeader} KitHeader */

/**
 * A module that multiplies and adds in relaxed SIMD, f32x4: (a, b, c) -> the first lane of a*b + c.
 * Written by hand from the WebAssembly binary format; engines without relaxed SIMD refuse it.
 */
const PROBE = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, // magic, version
  1, 8, 1, 96, 3, 125, 125, 125, 1, 125, // type: (f32, f32, f32) -> f32
  3, 2, 1, 0, // one function
  7, 5, 1, 1, 109, 0, 0, // export "m"
  10, 22, 1, 20, 0, 32, 0, 253, 19, 32, 1, 253, 19, 32, 2, 253, 19, 253, 133, 2, 253, 31, 0, 11, // splat x 3, madd, lane 0
);

/** Whether relaxed multiply-add is there and rounds once; where it rounds twice, the emulated module gives the same bits. */
export function fuses() {
  try {
    const { m } = /** @type {any} */ (new WebAssembly.Instance(new WebAssembly.Module(PROBE)).exports);
    const a = 1 + 1 / 4096;
    return m(a, a, -Math.fround(a * a)) !== 0;
  } catch {
    return false;
  }
}

/** Whether the engine runs WebAssembly with SIMD at all. */
export function runs() {
  const simd = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11];
  return typeof WebAssembly === "object" && WebAssembly.validate(Uint8Array.from(simd));
}

/** A compiled program. */
export class Kit {
  /**
   * @param {KitHeader} header
   * @param {WebAssembly.Module} fast
   * @param {WebAssembly.Module} glass
   */
  constructor(header, fast, glass) {
    this.header = header;
    this.modules = { fast, glass };
  }

  /**
   * @param {ArrayBuffer} bytes  a pack
   */
  static async open(bytes) {
    const { header, arrays } = unpack(bytes);
    if (header.kind !== "kit") throw new TypeError("this pack is no compiled program");
    const compile = (/** @type {any} */ code) => WebAssembly.compile(code);
    const [fast, glass] = await Promise.all([compile(arrays.fast), compile(arrays.glass)]);
    return new Kit(header, fast, glass);
  }

  /** @param {"fast"|"glass"} form */
  async machine(form) {
    return new Machine(await WebAssembly.instantiate(this.modules[form], {}), this.header, form);
  }
}
