// Workers that verify signatures for the one with the engine. Each needs the engine's code, and
// neither the file nor what is known of it.
//
// As with the reader, the page starts them with this same script and gives each an end of a
// channel. Whoever has said that it is there takes part; one that never starts keeps nobody waiting.

const verifiers = {
  /** Verifies for whoever asks through this port. */
  serve(port) {
    port.onmessage = ({ data: { id, triples } }) => {
      const bits = wasm_bindgen.Verifying.verify(triples);
      port.postMessage({ id, bits }, [bits.buffer]);
    };
    port.postMessage({});
  },

  /** Lets whoever is at the other end of this port join as soon as it is there. */
  ask(port, join) {
    const waiting = new Map();
    let last = 0;
    const work = (triples) => new Promise((resolve) => {
      waiting.set(++last, resolve);
      port.postMessage({ id: last, triples }, [triples.buffer]);
    });
    port.onmessage = ({ data: { id, bits } }) => {
      if (!id) return join(work);
      waiting.get(id)(bits);
      waiting.delete(id);
    };
  },
};
