// Starts the page: unpacks both modules, instantiates the page's, hands it what it needs of this
// file. It is the last thing in the document, so that all before it is there.
(async () => {
  'use strict';
  // Saved before anything is changed: "save this tool" gives back these very bytes.
  const whole = '<!DOCTYPE html>' + document.documentElement.outerHTML;
  const text = (id) => document.getElementById(id).textContent;

  const bytes = (base64) => {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
    const binary = atob(base64);
    const out = new Uint8Array(binary.length);
    for (let at = 0; at < binary.length; at++) out[at] = binary.charCodeAt(at);
    return out;
  };

  const unpack = (id) => {
    const packed = new Blob([bytes(text(id))]).stream();
    return new Response(packed.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
  };

  const loading = document.getElementById('loading');
  try {
    if (typeof WebAssembly !== 'object' || typeof DecompressionStream !== 'function') {
      throw new Error('WebAssembly, DecompressionStream');
    }
    // The engine compiles while the page is already there.
    const engine = unpack('engine').then((wasm) => WebAssembly.compile(wasm));
    engine.catch(() => {});
    const script = await unpack('worker');
    const worker = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
    const module = await WebAssembly.compile(await unpack('page'));
    await wasm_bindgen({ module_or_path: module });
    loading.remove();
    wasm_bindgen.mount({
      engine,
      worker,
      sample: async () => new Blob([await unpack('sample')]),
      page: () => new Blob([whole], { type: 'text/html' }),
    });
  } catch (error) {
    if (!loading.isConnected) throw error;
    document.getElementById('too-old').hidden = false;
    document.getElementById('why').textContent = String(error);
  }
})();
