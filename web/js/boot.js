// Starts the page: unpacks both modules, instantiates the page's, hands it what it needs of this
// file. It is the last thing in the document, so that all before it is there.
(async () => {
  'use strict';
  // No content security policy holds WebRTC back, so the page gives it up before anything else runs.
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'mozRTCPeerConnection']) {
    Object.defineProperty(globalThis, name, { value: undefined });
  }
  // Saved before anything is changed: "save this tool" gives back these very bytes.
  const whole = '<!DOCTYPE html>' + document.documentElement.outerHTML;
  const text = (id) => document.getElementById(id).textContent;

  // Printable text is 13 bits in two of 91 characters, as xtask/src/inspector/printable.rs writes it.
  const digits = new Uint8Array(128);
  let digit = 0;
  for (let code = 33; code < 127; code++) {
    if (!'&<\\'.includes(String.fromCharCode(code))) digits[code] = digit++;
  }
  const bytes = (text) => {
    const out = new Uint8Array(((text.length >> 1) * 13 + (text.length & 1) * 6) >> 3);
    let [held, bits, at] = [0, 0, 0];
    for (let place = 0; place < text.length; place += 2) {
      const second = place + 1 < text.length ? digits[text.charCodeAt(place + 1)] : 0;
      held |= (digits[text.charCodeAt(place)] + second * 91) << bits;
      for (bits += 13; bits >= 8; bits -= 8) {
        out[at++] = held;
        held >>>= 8;
      }
    }
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
    // The policy knows this script's hash, and lets no other text run.
    const glue = document.createElement('script');
    glue.textContent = new TextDecoder().decode(await unpack('glue'));
    document.head.append(glue);
    glue.remove();
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
