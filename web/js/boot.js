// Starts the page: unpacks all that is in this file, instantiates the page's module, hands it what
// it needs of the rest. It is the last thing in the document, so that all before it is there.
(async () => {
  'use strict';
  // No content security policy holds WebRTC back, so the page gives it up before anything else runs.
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'mozRTCPeerConnection']) {
    Object.defineProperty(globalThis, name, { value: undefined });
  }
  // Saved before anything is changed: "save this tool" gives back these very bytes.
  const whole = '\uFEFF<!DOCTYPE html>' + document.documentElement.outerHTML;
  const file = () => {
    const bytes = new DataView(new ArrayBuffer(whole.length * 2));
    for (let at = 0; at < whole.length; at++) bytes.setUint16(at * 2, whole.charCodeAt(at), true);
    return new Blob([bytes], { type: 'text/html' });
  };

  // 95 bits in six characters, as xtask/src/inspector/characters.rs writes them.
  const decoded = (text) => {
    const out = new Uint8Array(text.length / 6 * 95 >> 3);
    let [held, bits, at] = [0, 0, 0];
    const push = (value, count) => {
      held |= value << bits;
      for (bits += count; bits >= 8; bits -= 8) {
        out[at++] = held;
        held >>>= 8;
      }
    };
    for (let group = 0; group < text.length; group += 6) {
      let digits = 0;
      for (let place = 5; place >= 0; place--) {
        const above = text.charCodeAt(group + place) >> 11;
        digits = digits * 29 + above - (above > 27 ? 2 : 1);
      }
      push(digits & 16383, 14);
      push(digits >> 14, 15);
      for (let place = 0; place < 6; place++) push(text.charCodeAt(group + place) & 2047, 11);
    }
    return out;
  };

  // Lets whatever waits have its turn; a timeout would take 4 ms.
  const turn = () => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(0);
  });

  // Gives part after part of what is packed, and blocks nothing for long.
  const unpacker = async ({ textContent, dataset }) => {
    const bytes = decoded(textContent);
    const sizes = dataset.sizes.split(' ').map((part) => Number(part.split(':')[1]));
    const { instance } = await WebAssembly.instantiate(bytes.subarray(0, sizes[0]));
    const { memory, room, unpack, fill } = instance.exports;
    const packed = bytes.subarray(sizes.shift());
    const place = room(packed.length);
    new Uint8Array(memory.buffer).set(packed, place);
    const stream = unpack(place, packed.length);
    const PIECE = 65536;
    const piece = room(PIECE);
    let last = performance.now();
    return async () => {
      const part = new Uint8Array(sizes.shift());
      for (let at = 0; at < part.length; at += PIECE) {
        const len = Math.min(PIECE, part.length - at);
        if (!fill(stream, piece, len)) throw new Error('LZMA');
        part.set(new Uint8Array(memory.buffer, piece, len), at);
        if (performance.now() - last > 20) {
          await turn();
          last = performance.now();
        }
      }
      return part;
    };
  };

  const loading = document.getElementById('loading');
  try {
    if (typeof WebAssembly !== 'object') throw new Error('WebAssembly');
    const next = await unpacker(document.getElementById('packed'));
    const element = async (name) => {
      const made = document.createElement(name);
      made.textContent = new TextDecoder().decode(await next());
      return made;
    };
    const style = await element('style');
    // The policy knows this script's hash, and lets no other text run.
    const glue = await element('script');
    const worker = URL.createObjectURL(new Blob([await next()], { type: 'text/javascript' }));
    const page = WebAssembly.compile(await next());
    const sample = next().then((bytes) => new Blob([bytes]));
    // The engine is unpacked and compiles while the page is already there.
    const engine = sample.then(next).then((wasm) => WebAssembly.compile(wasm));
    engine.catch(() => {});
    document.head.append(style, glue);
    glue.remove();
    await wasm_bindgen({ module_or_path: await page });
    loading.remove();
    wasm_bindgen.mount({ engine, worker, sample: () => sample, page: file });
  } catch (error) {
    if (!loading.isConnected) throw error;
    document.getElementById('too-old').hidden = false;
    document.getElementById('why').textContent = String(error);
  }
})();
