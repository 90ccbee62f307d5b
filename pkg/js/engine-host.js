// What the npm module and the page's worker have in common: how bytes come to the engine.
//
// This file has no imports and no exports, so that it can stand in a classic script; the build
// adds an export line at its end for the module. A reader is
// { size, read(at, len) → Promise<Uint8Array>, changed() → Promise<boolean>, immediate }, where
// `immediate` says that reads do not wait (also those of a Blob in Node), so that nothing else
// would have its turn between two chunks.

/** Bytes read at a time. */
const CHUNK = 4 * 1024 * 1024;

/** Chunks that are on their way while the engine works on one. */
const AHEAD = 2;

/** Scattered reads that are on their way at a time. */
const READS = 32;

/** Reads a Blob or a File, which is never copied whole. */
function blobReader(blob) {
  const { size, lastModified } = blob;
  const read = async (at, len) => new Uint8Array(await blob.slice(at, at + len).arrayBuffer());
  const changed = async () => {
    if (blob.size !== size || blob.lastModified !== lastModified) return true;
    // A browser refuses to read a file on disk that is not as it was when it was chosen.
    try {
      await read(Math.max(0, size - 1), 1);
      return false;
    } catch (error) {
      return isGone(error) || Promise.reject(error);
    }
  };
  return { size, read, changed, immediate: typeof setImmediate === 'function' };
}

/** Reads bytes in memory, without a copy. */
function memoryReader(bytes) {
  return {
    size: bytes.length,
    read: async (at, len) => bytes.subarray(at, at + len),
    changed: async () => false,
    immediate: true,
  };
}

/** Whether a read failed because the file changed, moved or became shorter. */
function isGone(error) {
  return ['NotReadableError', 'NotFoundError', 'ShortReadError'].includes(error?.name);
}

function shortRead(at, len) {
  const error = new Error(`the file ends before offset ${at + len}`);
  error.name = 'ShortReadError';
  return error;
}

/** Rejects as soon as the signal is aborted, even while the promise is still pending. */
function abortable(promise, signal) {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Lets everything else have its turn, without the delay of a timer. */
function breathe() {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') return setImmediate(resolve);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/**
 * Reads from `at` on and hands over chunk after chunk until `each` says false or the file ends,
 * which may be earlier than its size says.
 */
async function pump(reader, at, { signal, chunkSize = CHUNK }, each) {
  const ahead = [];
  let asked = at;
  const ask = () => {
    while (ahead.length < AHEAD && asked < reader.size) {
      const len = Math.min(chunkSize, reader.size - asked);
      const read = reader.read(asked, len);
      // If nobody waits for it any more, its failure is nobody's.
      read.catch(() => {});
      ahead.push({ read, len });
      asked += len;
    }
  };
  for (ask(); ahead.length > 0; ) {
    const { read, len } = ahead.shift();
    const bytes = await abortable(read, signal);
    at += bytes.length;
    if (bytes.length === len) ask();
    else ahead.length = 0;
    if (reader.immediate) await abortable(breathe(), signal);
    if (bytes.length > 0 && !each(bytes, at)) return;
  }
}

/** A seed for hashing that whoever made the file cannot know; nothing depends on it. */
function randomSeed() {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (high % 2 ** 21) * 2 ** 32 + low;
}

/** A file with its report, of which parts can be read again. */
class OpenFile {
  #engine;
  #reader;
  #turn = Promise.resolve();

  constructor(engine, reader) {
    this.#engine = engine;
    this.#reader = reader;
  }

  /**
   * Reads a file and draws up its report. `task` is { signal?, progress?(done, total),
   * chunkSize? }.
   */
  static async open(Engine, reader, options, task) {
    task.signal?.throwIfAborted();
    const engine = new Engine(reader.size, { seed: randomSeed(), ...options });
    const file = new OpenFile(engine, reader);
    try {
      await file.#check(task);
      return file;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  async #check(task) {
    const engine = this.#engine;
    let seen = 0;
    try {
      await pump(this.#reader, 0, task, (bytes, at) => {
        const more = engine.push(bytes);
        seen = at;
        task.progress?.(at, this.#reader.size);
        return more;
      });
      engine.finish();
      await this.#ask((engine) => engine.conclude(), task.signal);
    } catch (error) {
      // What could be read once and no more has changed; what never could is an error.
      if (seen === 0 || !isGone(error)) throw error;
      engine.unreadable();
      return;
    }
    if (await abortable(this.#reader.changed(), task.signal)) engine.notStill();
  }

  /** The engine, unless the file is closed. */
  get engine() {
    if (!this.#engine) throw new Error('the store is closed');
    return this.#engine;
  }

  get report() {
    return this.engine.report();
  }

  async rows(from, count, signal) {
    const total = this.engine.rows();
    const rows = await this.#inTurn((engine) => engine.rowsFrom(whole(from), few(count)), signal);
    return { total, rows };
  }

  async channels(from, count, signal) {
    const total = this.engine.channelCount();
    const rows = await this.#inTurn((engine) => engine.channels(whole(from), few(count)), signal);
    return { total, rows };
  }

  async nodes(from, count, signal) {
    const total = this.engine.nodeCount();
    const rows = await this.#inTurn((engine) => engine.nodes(whole(from), few(count)), signal);
    return { total, rows };
  }

  rowAt(offset, signal) {
    return this.#inTurn((engine) => engine.rowAt(whole(offset)), signal);
  }

  detail(offset, reveal, signal) {
    return this.#inTurn((engine) => engine.detail(whole(offset), reveal), signal);
  }

  /** Bytes as they are, as far as the file has them; a copy. */
  async bytes(at, len) {
    const size = this.engine.size();
    const from = Math.min(whole(at), size);
    const bytes = await this.#reader.read(from, Math.min(whole(len), size - from));
    return bytes.slice();
  }

  /** Searches the whole file. */
  async find(filter, limit, task) {
    task.signal?.throwIfAborted();
    const size = this.engine.size();
    const finder = this.engine.finder(filter, few(limit));
    const rows = [];
    const take = (found) => {
      for (const row of found) rows.push(row);
    };
    try {
      if (!finder.done()) {
        await pump(this.#reader, finder.start(), task, (bytes, at) => {
          take(finder.push(bytes));
          task.progress?.(at, size);
          return !finder.done();
        });
        take(finder.finish());
      }
      return { rows, more: finder.more() };
    } finally {
      finder.free();
    }
  }

  close() {
    this.#engine?.free();
    this.#engine = undefined;
  }

  /** One after the other: what one has fetched must not be dropped for the other. */
  #inTurn(call, signal) {
    const result = this.#turn.then(() => this.#ask(call, signal));
    this.#turn = result.then(() => {}, () => {});
    return result;
  }

  /** Asks until nothing is missing. */
  async #ask(call, signal) {
    for (;;) {
      signal?.throwIfAborted();
      const { need, value } = call(this.engine);
      if (!need) return value;
      await abortable(this.#fetch(need), signal);
    }
  }

  async #fetch(needs) {
    const left = needs.values();
    const one = async () => {
      for (const { at, len } of left) {
        const bytes = await this.#reader.read(at, len);
        if (bytes.length < len) throw shortRead(at, len);
        this.engine.provide(at, bytes);
      }
    };
    await Promise.all(Array.from({ length: Math.min(READS, needs.length) }, one));
  }
}

/** A number of rows or bytes. */
function whole(number) {
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new RangeError(`${number} is no offset and no count`);
  }
  return number;
}

/** A number of rows that the engine can count to. */
function few(number) {
  return Math.min(whole(number), 2 ** 32 - 1);
}
