// What the npm module and the page's worker have in common: how bytes come to the engine.
//
// This file has no imports and no exports, so that it can stand in a classic script; the build
// adds an export line at its end for the module. A reader is
// { size, read(at, len) → Promise<Uint8Array>, changed() → Promise<boolean>, immediate }, where
// `immediate` says that reads do not wait (also those of a Blob in Node), so that nothing else
// would have its turn between two chunks. It may also have { ahead(at, len), chunkSize,
// chunks }: a better way to read from one end to the other, so many chunks at a time; and
// `modified`, when it was last written, in milliseconds since 1970.

/** Bytes read at a time. */
const CHUNK = 4 * 1024 * 1024;

/** The first chunk, so that work begins soon; each of the next is twice as long, up to the size. */
const FIRST = 1024 * 1024;

/** Bytes that go to the engine at a time: what was copied is then still in the processor's cache. */
const PIECE = 128 * 1024;

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
  const immediate = typeof setImmediate === 'function';
  return { size, read, changed, blob, immediate, modified: lastModified };
}

/** Reads bytes in memory, without a copy. */
function memoryReader(bytes) {
  return {
    size: bytes.length,
    read: async (at, len) => bytes.subarray(at, at + len),
    changed: async () => false,
    readSync: (at, len) => bytes.subarray(at, at + len),
    immediate: true,
  };
}

/**
 * Without reads that answer at once, a file up to this size is read into memory for a repair, and
 * for LND's stores.
 */
const IN_MEMORY = 1024 ** 3;

/** The same file with `readSync`, for work that cannot wait. */
async function synchronous(reader, signal) {
  if (reader.readSync) return reader;
  if (reader.blob && typeof FileReaderSync === 'function') {
    const files = new FileReaderSync();
    const readSync = (at, len) => {
      litter();
      return new Uint8Array(files.readAsArrayBuffer(reader.blob.slice(at, at + len)));
    };
    return { ...reader, readSync };
  }
  if (reader.size > IN_MEMORY) {
    throw new RangeError('a file over 1 GiB is read so in a worker, or in Node by its path');
  }
  const bytes = await abortable(reader.read(0, reader.size), signal);
  if (bytes.length < reader.size) throw shortRead(0, reader.size);
  return memoryReader(bytes);
}

let littered = null;

/**
 * Some 64 kB of garbage. Chromium frees what was read only when it collects garbage, and while wasm
 * works in one piece nothing else makes any: reading 1 GB took 5.7 GB of memory, and 0.5 GB with it.
 */
function litter() {
  for (let pieces = 0; pieces < 8; pieces += 1) littered = new Array(2000).fill(pieces);
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
 * Begins to read from `at` on: chunks that are on their way, and what asks for the next of them.
 * They become longer up to the size; where another worker reads, shorter again towards the end, when
 * only the last of them is left to work on.
 */
function begin(reader, at, chunkSize = reader.chunkSize ?? CHUNK) {
  const next = reader.ahead ?? reader.read;
  const chunks = reader.chunks ?? AHEAD;
  const ahead = [];
  let asked = at;
  let grown = Math.min(chunkSize, FIRST);
  const ask = () => {
    while (ahead.length < chunks && asked < reader.size) {
      const left = reader.size - asked;
      const most = reader.ahead ? Math.max(FIRST, Math.ceil(left / 2)) : left;
      const len = Math.min(grown, most, left);
      grown = Math.min(chunkSize, grown * 2);
      const read = next(asked, len);
      // If nobody waits for it any more, its failure is nobody's.
      read.catch(() => {});
      ahead.push({ read, len });
      asked += len;
    }
  };
  ask();
  return { ahead, ask };
}

/**
 * Reads from `at` on and hands over chunk after chunk until `each` says false, or promises it, or
 * the file ends, which may be earlier than its size says. Reading may have begun already.
 */
async function pump(reader, at, { signal, chunkSize, begun }, each) {
  const { ahead, ask } = begun ?? begin(reader, at, chunkSize);
  while (ahead.length > 0) {
    const { read, len } = ahead.shift();
    const bytes = await abortable(read, signal);
    at += bytes.length;
    if (bytes.length === len) ask();
    else ahead.length = 0;
    if (reader.immediate) await abortable(breathe(), signal);
    const more = bytes.length === 0 || (await each(bytes, at));
    // `each` tells of progress, and whoever is told may have aborted.
    signal?.throwIfAborted();
    if (!more) return;
  }
}

/** A seed for hashing that whoever made the file cannot know; nothing depends on it. */
function randomSeed() {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (high % 2 ** 21) * 2 ** 32 + low;
}

/** Bytes whose signatures are verified at a time: some 300 of them. */
const WINDOW = 32 * 1024;

/** Bytes that are read at a time for it: reading is a small part of the work. */
const READ_TO_VERIFY = 1024 * 1024;

/** Windows that are under way with each of those who verify, so that none waits for the next. */
const UNDER_WAY = 2;

/** Signatures that are verified at a time, some 10 ms; a multiple of 8. */
const AT_A_TIME = 16;

/** Verifies in this very thread, and lets everything else have its turn in between. */
function verifierHere(Verifying) {
  const triple = Verifying.triple();
  return async (triples, signal) => {
    const count = triples.length / triple;
    const bits = new Uint8Array(Math.ceil(count / 8));
    for (let at = 0; at < count; at += AT_A_TIME) {
      await breathe();
      signal.throwIfAborted();
      const some = triples.subarray(at * triple, (at + AT_A_TIME) * triple);
      bits.set(Verifying.verify(some), at / 8);
    }
    return bits;
  };
}

/**
 * Work that is shared out among several, of whom each does a few pieces at a time. Whoever joins
 * later gets some, too.
 */
class Shared {
  #free = [];
  #waiting;
  #under = new Set();
  #failed = new AbortController();

  /** `signal` ends all of it. */
  constructor(signal) {
    const fail = () => this.#fail(signal.reason);
    if (signal?.aborted) fail();
    signal?.addEventListener('abort', fail, { once: true, signal: this.#failed.signal });
  }

  /** Aborted when something failed, or whoever asked wants no more. */
  get signal() {
    return this.#failed.signal;
  }

  /** Someone who works: `work(piece, signal)` promises what comes of it. */
  join(work) {
    for (let place = 0; place < UNDER_WAY; place += 1) this.#put(work);
  }

  /** Waits until someone is free, then hands over; `take` gets what came of it. */
  async give(piece, take) {
    while (this.#free.length === 0) {
      await abortable(new Promise((resolve) => (this.#waiting = resolve)), this.signal);
    }
    this.signal.throwIfAborted();
    const work = this.#free.shift();
    const done = work(piece, this.signal)
      .then((result) => {
        this.#under.delete(done);
        if (this.signal.aborted) return;
        take(result);
        this.#put(work);
      })
      .catch((error) => this.#fail(error));
    this.#under.add(done);
  }

  /** Waits until everything is done. */
  async finish() {
    await abortable(Promise.all(this.#under), this.signal);
    this.signal.throwIfAborted();
  }

  /** Nothing more is wanted. */
  close() {
    this.#fail(new Error('closed'));
  }

  #put(work) {
    this.#free.push(work);
    this.#waiting?.();
  }

  #fail(error) {
    this.#failed.abort(error);
  }
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
   * chunkSize?, begun? }.
   */
  static async open(Engine, reader, options, task) {
    task.signal?.throwIfAborted();
    const engine = new Engine(reader.size, { seed: randomSeed(), ...options });
    const file = new OpenFile(engine, reader);
    if (reader.modified >= 0) engine.setModified(Math.floor(reader.modified / 1000));
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
        let more = true;
        for (let from = 0; more && from < bytes.length; from += PIECE) {
          more = engine.push(bytes.subarray(from, from + PIECE));
        }
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

  /** How it is read. */
  get reader() {
    return this.#reader;
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

  /**
   * Verifies the signatures of all live records and draws up the report anew. `helpers(join)` may
   * let others help, now or later: each is a function (triples, signal) → promise of bits.
   */
  async verify(Verifying, task, helpers) {
    task.signal?.throwIfAborted();
    if (this.engine.kind() !== 'gossip_store') return;
    const verifying = this.engine.verifying();
    const shared = new Shared(task.signal);
    shared.join(verifierHere(Verifying));
    helpers?.((work) => shared.join(work));
    let taken = false;
    try {
      await this.#verifyAll(verifying, shared, task);
      const { engine } = this;
      taken = true;
      engine.setSignatures(verifying);
    } catch (error) {
      if (task.signal?.aborted || !isGone(error)) throw error;
      // It could be read before.
      this.engine.notStill();
      return;
    } finally {
      shared.close();
      if (!taken) verifying.free();
    }
    await this.#inTurn((engine) => engine.redraw(), task.signal);
    if (await abortable(this.#reader.changed(), task.signal)) this.engine.notStill();
  }

  /** Draws up a log's report anew, with the store that it is about. `options` is { peers? }. */
  async beside(store, options, signal) {
    signal?.throwIfAborted();
    if (store.engine.kind() !== 'gossip_store') throw new TypeError('this is no gossip_store');
    const tying = this.engine.tying();
    let taken = false;
    try {
      await store.#inTurn((engine) => tying.step(engine), signal);
      const { engine } = this;
      taken = true;
      engine.beside(tying, store.engine, options);
    } finally {
      if (!taken) tying.free();
    }
  }

  async #verifyAll(verifying, shared, task) {
    const size = this.engine.size();
    let done = 0;
    let told = 0;
    const tell = (bytes) => {
      done += bytes;
      // A thousandth at a time is fine enough.
      if (done < size && done - told < size / 1000) return;
      told = done;
      task.progress?.(done, size);
    };
    const give = async (collected, bytes) => {
      if (!collected) return tell(bytes);
      const { window, triples } = collected;
      await shared.give(triples, (bits) => {
        verifying.answer(this.engine, window, bits);
        tell(bytes);
      });
    };
    const reading = { signal: shared.signal, chunkSize: READ_TO_VERIFY };
    let seen = 0;
    await pump(this.#reader, 0, reading, async (bytes, at) => {
      for (let from = 0; from < bytes.length; from += WINDOW) {
        const window = bytes.subarray(from, from + WINDOW);
        await give(verifying.collect(this.engine, window), window.length);
      }
      seen = at;
      return seen < size;
    });
    if (seen < size) throw shortRead(0, size);
    await give(verifying.finish(this.engine), 0);
    await shared.finish();
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

/** So many pieces of files are referred to; beyond, they are copied. */
const SLICES = 1000;

/** Shorter pieces are always copied: a reference costs more. */
const SHORT_PIECE = 64 * 1024;

/** A repair that is planned. Its files must stay as they are. */
class Repairing {
  #repair;
  #files;
  #busy = false;

  constructor(repair, files) {
    this.#repair = repair;
    this.#files = files;
  }

  /** Plans. `task` is { signal?, progress?(done, total) }. */
  static async plan(Repair, readers, options, task) {
    task.signal?.throwIfAborted();
    const files = [];
    for (const reader of readers) files.push(await synchronous(reader, task.signal));
    const repair = new Repair(files, { seed: randomSeed(), ...options });
    const repairing = new Repairing(repair, files);
    try {
      for (let at = repair.step(); at; at = repair.step()) {
        task.progress?.(at.done, at.total);
        await abortable(breathe(), task.signal);
      }
      await repairing.#mustBeStill(task.signal);
      return repairing;
    } catch (error) {
      repairing.close();
      throw error;
    }
  }

  /** The plan as one line of JSON. */
  get plan() {
    if (!this.#repair) throw new Error('the repair is closed');
    return this.#repair.plan();
  }

  /** The repaired store, as parts for a Blob: bytes, and slices of the files. */
  async parts(task) {
    if (!this.#repair) throw new Error('the repair is closed');
    if (this.#busy) throw new Error('the repaired store is being written already');
    this.#busy = true;
    try {
      const parts = await this.#write(task);
      await this.#mustBeStill(task.signal);
      return parts;
    } finally {
      this.#busy = false;
    }
  }

  async #write(task) {
    const parts = [];
    let slices = 0;
    let small = [];
    let gathered = 0;
    const flush = () => {
      if (gathered > 0) parts.push(new Blob(small));
      small = [];
      gathered = 0;
    };
    const put = (bytes) => {
      small.push(bytes);
      gathered += bytes.length;
      if (gathered >= CHUNK) flush();
    };
    this.#repair.rewind();
    for (let step = this.#repair.pieces(); step; step = this.#repair.pieces()) {
      for (const piece of step.pieces) {
        if (piece instanceof Uint8Array) {
          put(piece);
          continue;
        }
        const { source, at, len } = piece;
        const file = this.#files[source];
        if (file.blob && len >= SHORT_PIECE && slices < SLICES) {
          flush();
          parts.push(file.blob.slice(at, at + len));
          slices += 1;
          continue;
        }
        for (let done = 0; done < len; done += CHUNK) {
          // A copy: the view may be of memory that is not ours.
          put(file.readSync(at + done, Math.min(CHUNK, len - done)).slice());
        }
      }
      task.progress?.(step.done, step.total);
      await abortable(breathe(), task.signal);
    }
    flush();
    return parts;
  }

  async #mustBeStill(signal) {
    if (await anyChanged(this.#files, signal)) {
      throw notStill('a file changed while it was read: copy it, and repair the copy');
    }
  }

  close() {
    this.#repair?.free();
    this.#repair = undefined;
  }
}

async function anyChanged(files, signal) {
  for (const file of files) {
    if (await abortable(file.changed(), signal)) return true;
  }
  return false;
}

function notStill(message) {
  const error = new Error(message);
  error.name = 'NotReadableError';
  return error;
}

/**
 * LND's files, judged together. Its work is done in one piece on the thread that asks for it:
 * between two steps `task.progress` is called and `task.signal` is looked at, and nothing else has
 * its turn. A page does it in a worker of its own, which it ends to cancel.
 */
class LndCase {
  #lnd;
  #files;

  constructor(lnd, files) {
    this.#lnd = lnd;
    this.#files = files;
  }

  /** Of readers, each with a `name`. */
  static async open(Lnd, readers, signal) {
    signal?.throwIfAborted();
    const files = [];
    for (const reader of readers) {
      const { name } = reader;
      files.push({ ...(await synchronous(reader, signal)), name });
    }
    return new LndCase(new Lnd(files), files);
  }

  /** Reads all files and draws up the report. */
  async check(options, task) {
    const lnd = this.engine;
    try {
      this.#watched(task, (watch) => lnd.check(options, watch) || undefined);
    } catch (error) {
      task.signal?.throwIfAborted();
      // What could be read before and no more has changed.
      if (!(await anyChanged(this.#files, task.signal))) throw error;
      lnd.unreadable();
      return;
    }
    if (await anyChanged(this.#files, task.signal)) lnd.notStill();
  }

  /** The engine, unless the case is closed. */
  get engine() {
    if (!this.#lnd) throw new Error('the stores are closed');
    return this.#lnd;
  }

  get report() {
    return this.engine.report();
  }

  invoices(page, task) {
    return this.#watched(task, (watch) => this.engine.invoices(page, watch));
  }

  buckets(page, task) {
    return this.#watched(task, (watch) => this.engine.buckets(page, watch));
  }

  /** Both sides compared, as one line of JSON; `list` is a reader, or undefined. */
  async compare(options, list, task) {
    const file = list && { ...(await synchronous(list, task.signal)), name: list.name };
    const files = file ? [...this.#files, file] : this.#files;
    const json = this.#watched(task, (watch) => this.engine.compare(options, file, watch));
    return this.#still(json, files, 'compare', task);
  }

  /** The migration rehearsed, as one line of JSON. */
  async rehearse(options, task) {
    const json = this.#watched(task, (watch) => this.engine.rehearse(options, watch));
    return this.#still(json, this.#files, 'rehearse', task);
  }

  async #still(json, files, what, task) {
    if (json !== null && (await anyChanged(files, task.signal))) {
      throw notStill(`a file changed while it was read: copy it, and ${what} the copy`);
    }
    return json;
  }

  /** The dump as a Blob, with what is in it. */
  async dump(options, task) {
    let parts = [];
    let texts = [];
    let gathered = 0;
    const put = (text) => {
      texts.push(text);
      gathered += text.length;
      if (gathered < CHUNK) return;
      parts.push(new Blob(texts));
      texts = [];
      gathered = 0;
    };
    const saved = this.#watched(task, (watch) => this.engine.dump(options, watch, put));
    if (saved === null) return null;
    if (await anyChanged(this.#files, task.signal)) {
      throw notStill('a file changed while it was read: copy it, and dump the copy');
    }
    return { ...saved, blob: new Blob([...parts, ...texts], { type: 'application/jsonl' }) };
  }

  /** Bytes as they are, as far as the file has them; a copy. */
  async bytes(input, at, len) {
    const file = this.engine && this.#files[input];
    if (!file) throw new RangeError(`there is no input ${input}`);
    const from = Math.min(whole(at), file.size);
    return (await file.read(from, Math.min(whole(len), file.size - from))).slice();
  }

  close() {
    this.#lnd?.free();
    this.#lnd = undefined;
  }

  #watched(task, work) {
    const { signal, progress } = task;
    signal?.throwIfAborted();
    // The engine takes what is thrown in it for a no.
    let thrown;
    const done = work((done, total) => {
      try {
        progress?.(done, total);
      } catch (error) {
        thrown ??= { error };
      }
      return !thrown && !signal?.aborted;
    });
    if (thrown) throw thrown.error;
    if (done === undefined) signal?.throwIfAborted();
    return done;
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
