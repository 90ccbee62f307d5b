// A second worker that reads files ahead for the one with the engine. A browser hands over what it
// has read only where nobody is busy: in one worker, reading and checking would take turns instead
// of going on at the same time.
//
// The page starts both workers with this same script and gives each an end of a channel: one
// serves, the other asks. The page does it because Firefox, when it is busy, now and then never
// ends starting a worker that a worker starts. Until the other has answered once, reading goes on
// without it.

const ahead = (() => {
  /** Bytes read at a time. A larger read costs less for each byte. */
  const CHUNK = 16 * 1024 * 1024;

  /** Chunks that are on their way at a time. */
  const CHUNKS = 2;

  const waiting = new Map();
  let last = 0;
  let asked;
  let answers = false;

  const answered = ({ id, bytes, error }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error) reject(Object.assign(new Error(error.message), { name: error.name }));
    else resolve(new Uint8Array(bytes));
  };

  return {
    /** Reads for whoever asks through this port. */
    serve(port) {
      port.onmessage = async ({ data: { id, blob, at, len } }) => {
        try {
          const bytes = await blob.slice(at, at + len).arrayBuffer();
          port.postMessage({ id, bytes }, [bytes]);
        } catch ({ name, message }) {
          port.postMessage({ id, error: { name, message } });
        }
      };
      port.postMessage({});
    },

    /** Asks through this port from now on. */
    ask(port) {
      asked = port;
      port.onmessage = ({ data }) => {
        if (data.id) answered(data);
        else answers = true;
      };
    },

    /** A reader of a Blob. */
    reader(blob) {
      const reader = blobReader(blob);
      if (!answers) return reader;
      const ahead = (at, len) => new Promise((resolve, reject) => {
        waiting.set(++last, { resolve, reject });
        asked.postMessage({ id: last, blob, at, len });
      });
      return { ...reader, ahead, chunkSize: CHUNK, chunks: CHUNKS };
    },
  };
})();
