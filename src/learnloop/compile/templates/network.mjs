// Runs a network compiled to WebAssembly: needs nothing but an engine, of a browser or any other.

/**
 * The module with fused multiply-add, or the one that emulates it where the engine cannot: the bits are the same.
 * `read` gives the bytes of a file by its name.
 */
export async function choose(read) {
  const fused = await fusing(await read("network.wasm"));
  if (fused) return fused;
  console.error("no fused multiply-add here: taking network-emulated.wasm, which is slower and gives the same bits");
  return WebAssembly.compile(await read("network-emulated.wasm"));
}

/** A module compiled, or null where the engine has no relaxed SIMD, or rounds its multiply-add twice. */
async function fusing(bytes) {
  try {
    const module = await WebAssembly.compile(bytes);
    const { exports } = await WebAssembly.instantiate(module, {});
    return exports.ll_fuses() ? module : null;
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    return null;
  }
}

/** A compiled module with memory for one run: the call, the arena and the data, one after the other. */
export async function load(module, manifest, data) {
  const instance = await WebAssembly.instantiate(module, {});
  const { memory, __heap_base: base } = instance.exports;
  const align = (place) => Math.ceil(place / 64) * 64;
  const call = align(base.value);
  const arena = align(call + manifest.call.size);
  const start = align(arena + manifest.arenaBytes);
  const order = align(start + data.length);
  const losses = align(order + 4 * manifest.rows);
  const width = manifest.dtype === "float64" ? 8 : 4;
  const end = losses + width * (manifest.updates + 1);
  memory.grow(Math.max(0, Math.ceil((end - memory.buffer.byteLength) / 65536)));
  new Uint8Array(memory.buffer).set(data, start);
  const view = new DataView(memory.buffer);
  const pointer = (name, value) => view.setUint32(call + manifest.call[name], value, true);
  const number = (name, value) => view.setBigInt64(call + manifest.call[name], BigInt.asIntN(64, BigInt(value)), true);
  const targets = start + width * manifest.dataRows * manifest.inputs;
  const weights = targets + (manifest.labels ? 4 : width * manifest.outputs) * manifest.dataRows;
  pointer("arena", arena);
  pointer("X", start);
  pointer(manifest.labels ? "labels" : "Y", targets);
  pointer("weights", weights);
  pointer("rows", weights + width * manifest.dataRows);
  pointer("order", order);
  pointer("losses", losses);
  for (const [name, value] of Object.entries({
    capacity: manifest.capacity, count: manifest.rows, batch: manifest.batch, seed: manifest.seed, update: 0, stop: manifest.updates, epoch: -1,
  })) number(name, value);
  for (const [offset, value] of manifest.options) view.setFloat64(arena + offset, value, true);
  instance.exports.ll_initialise(call);
  return { instance, memory, call, arena, losses, width };
}
