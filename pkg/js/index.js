// Fulgurite's engine for Node and browsers. Types and documentation: index.d.ts.

import init, { Engine, Lnd, Repair, Verifying } from './fulgurite.js';
import { LndCase, OpenFile, Repairing, abortable, blobReader, memoryReader } from './engine-host.js';

const isNode = typeof process === 'object' && typeof process.versions?.node === 'string';

/** A module of Node's own, which no bundler is to look for. */
const node = (name) => import(/* webpackIgnore: true */ /* @vite-ignore */ `node:${name}`);

/** The bytes of a file of this package. */
async function own(url) {
  if (isNode && url.protocol === 'file:') return (await node('fs/promises')).readFile(url);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname}: ${response.status}`);
  return response.arrayBuffer();
}

let engine;

/** The engine's class; its code is loaded once. */
async function load() {
  const url = new URL('./fulgurite_bg.wasm', import.meta.url);
  engine ??= own(url).then((bytes) => init({ module_or_path: bytes })).then(() => Engine);
  try {
    return await engine;
  } catch (error) {
    engine = undefined;
    throw error;
  }
}

export const inks = Object.freeze(['channel', 'update', 'node', 'other', 'deleted', 'wound']);

export async function open(input, options = {}) {
  const { signal, onProgress, chunkSize, verifySignatures = false, ...choices } = options;
  signal?.throwIfAborted();
  if (chunkSize !== undefined && !(Number.isSafeInteger(chunkSize) && chunkSize > 0)) {
    throw new RangeError('chunkSize is a number of bytes');
  }
  if (typeof verifySignatures !== 'boolean') {
    throw new TypeError('verifySignatures is true or false');
  }
  const loaded = load();
  loaded.catch(() => {});
  const reader = await readerOf(input, signal);
  let file;
  try {
    const task = { signal, chunkSize, progress: onProgress };
    file = await OpenFile.open(await loaded, reader, choices, task);
    if (verifySignatures) await file.verify(Verifying, task);
    return new Store(file, reader);
  } catch (error) {
    file?.close();
    await reader.close?.();
    throw error;
  }
}

async function readerOf(input, signal) {
  if (input instanceof Blob) return blobReader(input);
  if (input instanceof ArrayBuffer) return memoryReader(new Uint8Array(input));
  if (ArrayBuffer.isView(input)) {
    return memoryReader(new Uint8Array(input.buffer, input.byteOffset, input.byteLength));
  }
  // Streams of the web, of which some browsers' cannot be iterated over.
  if (typeof input?.getReader === 'function') {
    const reader = input.getReader();
    const next = () => reader.read();
    return blobReader(await spool(next, (why) => reader.cancel(why), signal));
  }
  if (typeof input?.[Symbol.asyncIterator] === 'function') {
    const parts = input[Symbol.asyncIterator]();
    const end = (why) => (input.destroy ? input.destroy(why) : parts.return?.());
    return blobReader(await spool(() => parts.next(), end, signal));
  }
  if (input?.path !== undefined) return pathReader(input.path);
  throw new TypeError('the input is a Blob, bytes, an async iterable of bytes, or {path}');
}

/** Gathers a stream, for wounds are looked at twice. `end` tells it that no more is wanted. */
async function spool(next, end, signal) {
  const parts = [];
  try {
    for (;;) {
      const { done, value } = await abortable(Promise.resolve(next()), signal);
      if (done) return new Blob(parts);
      if (!ArrayBuffer.isView(value) && !(value instanceof ArrayBuffer)) {
        throw new TypeError('the stream yields something that is not bytes');
      }
      parts.push(value);
    }
  } catch (error) {
    // Not waited for: a stream that has stalled need not answer.
    (async () => end(error))().catch(() => {});
    throw error;
  }
}

/** Reads a file of Node's by its path, read-only. */
async function pathReader(path) {
  if (!isNode) throw new TypeError('only Node opens paths');
  const fs = await node('fs/promises');
  const notAFile = () => new TypeError('the path is not that of a file');
  // Before it is opened: a pipe would block.
  if (!(await fs.stat(path)).isFile()) throw notAFile();
  const file = await fs.open(path, 'r');
  const stamp = ({ dev, ino, size, mtimeMs }) => [dev, ino, size, mtimeMs].join();
  const before = await file.stat();
  const read = async (at, len) => {
    const buffer = new Uint8Array(len);
    let filled = 0;
    while (filled < len) {
      const { bytesRead } = await file.read(buffer, filled, len - filled, at + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  };
  const changed = async () => {
    if (stamp(await file.stat()) !== stamp(before)) return true;
    // Another file may have taken its place; one that is gone altogether has not changed.
    const there = await fs.stat(path).catch(() => before);
    return stamp(there) !== stamp(before);
  };
  if (!before.isFile()) {
    await file.close();
    throw notAFile();
  }
  const { readSync: readFd } = await node('fs');
  const readSync = (at, len) => {
    const buffer = new Uint8Array(len);
    let filled = 0;
    while (filled < len) {
      const more = readFd(file.fd, buffer, filled, len - filled, at + filled);
      if (more === 0) break;
      filled += more;
    }
    return buffer.subarray(0, filled);
  };
  const { size, mtimeMs: modified } = before;
  return { size, read, readSync, changed, modified, close: () => file.close() };
}

class Store {
  #file;
  #reader;
  #json;
  #report;

  constructor(file, reader) {
    this.#file = file;
    this.#reader = reader;
    this.#json = file.report;
  }

  get reportJson() {
    return this.#json;
  }

  get report() {
    this.#report ??= JSON.parse(this.#json);
    return this.#report;
  }

  get rowCount() {
    return this.#file.engine.rows();
  }

  map() {
    return this.#file.engine.map();
  }

  records({ from = 0, count = 100, signal } = {}) {
    return this.#file.rows(from, count, signal);
  }

  channels({ from = 0, count = 100, signal } = {}) {
    return this.#file.channels(from, count, signal);
  }

  nodes({ from = 0, count = 100, signal } = {}) {
    return this.#file.nodes(from, count, signal);
  }

  rowAt(offset, { signal } = {}) {
    return this.#file.rowAt(offset, signal);
  }

  record(offset, { reveal = false, signal } = {}) {
    return this.#file.detail(offset, reveal, signal);
  }

  find(filter = {}, { limit = 1000, signal, onProgress } = {}) {
    return this.#file.find(filter, limit, { signal, progress: onProgress });
  }

  async verifySignatures({ signal, onProgress } = {}) {
    await this.#file.verify(Verifying, { signal, progress: onProgress });
    this.#json = this.#file.report;
    this.#report = undefined;
    return this.report;
  }

  async beside(store, { signal, ...options } = {}) {
    await this.#file.beside(store.#file, options, signal);
    this.#json = this.#file.report;
    this.#report = undefined;
    return this.report;
  }

  bytes(offset, length) {
    return this.#file.bytes(offset, length);
  }

  compare(other) {
    return this.#file.engine.compare(other.#file.engine);
  }

  repair(options = {}) {
    return repair([this], options);
  }

  /** For {@link repair}: how the file is read. */
  static readerOf(store) {
    return store.#file.engine && store.#file.reader;
  }

  async close() {
    this.#file.close();
    await this.#reader.close?.();
    this.#reader = {};
  }
}

export async function repair(stores, options = {}) {
  const { signal, onProgress, ...choices } = options;
  const readers = [...stores].map((store) => Store.readerOf(store));
  await load();
  const task = { signal, progress: onProgress };
  return new RepairedStore(await Repairing.plan(Repair, readers, choices, task));
}

class RepairedStore {
  #repairing;
  #json;
  #plan;

  constructor(repairing) {
    this.#repairing = repairing;
    this.#json = repairing.plan;
  }

  get planJson() {
    return this.#json;
  }

  get plan() {
    this.#plan ??= JSON.parse(this.#json);
    return this.#plan;
  }

  async blob({ signal, onProgress } = {}) {
    return new Blob(await this.#repairing.parts({ signal, progress: onProgress }));
  }

  close() {
    this.#repairing.close();
  }
}

export async function openLnd(files, options = {}) {
  const { signal, onProgress, ...choices } = options;
  signal?.throwIfAborted();
  const readers = [];
  const close = () => Promise.all(readers.map((reader) => reader.close?.()));
  let lnd;
  try {
    for (const file of files) {
      readers.push(await namedReader(file, signal));
    }
    if (readers.length === 0) throw new TypeError('there are no files');
    await load();
    lnd = await LndCase.open(Lnd, readers, signal);
    await lnd.check(choices, { signal, progress: onProgress });
    return new LndStores(lnd, close);
  } catch (error) {
    lnd?.close();
    await close();
    throw error;
  }
}

async function namedReader(file, signal) {
  return { ...(await readerOf(file.input ?? file, signal)), name: nameOf(file) };
}

/** A document as it is printed, and as an object. */
function parsed(reportJson) {
  return reportJson === null ? null : { reportJson, report: JSON.parse(reportJson) };
}

/** The name that says which log belongs to which database. */
function nameOf({ name, path }) {
  return String(name ?? path ?? '');
}

class LndStores {
  #lnd;
  #close;
  #json;
  #report;

  constructor(lnd, close) {
    this.#lnd = lnd;
    this.#close = close;
    this.#json = lnd.report;
  }

  get reportJson() {
    return this.#json;
  }

  get report() {
    this.#report ??= JSON.parse(this.#json);
    return this.#report;
  }

  maps() {
    return this.#lnd.engine.maps();
  }

  trees() {
    return this.#lnd.engine.trees();
  }

  async invoices({ signal, onProgress, ...page } = {}) {
    return this.#lnd.invoices(page, { signal, progress: onProgress });
  }

  async buckets({ signal, onProgress, ...page } = {}) {
    return this.#lnd.buckets(page, { signal, progress: onProgress });
  }

  async dump({ signal, onProgress, ...options } = {}) {
    return this.#lnd.dump(options, { signal, progress: onProgress });
  }

  async compare({ signal, onProgress, list, ...options } = {}) {
    const task = { signal, progress: onProgress };
    if (list === undefined) return parsed(await this.#lnd.compare(options, undefined, task));
    const reader = await namedReader(list, signal);
    try {
      return parsed(await this.#lnd.compare(options, reader, task));
    } finally {
      await reader.close?.();
    }
  }

  async rehearse({ signal, onProgress, ...options } = {}) {
    return parsed(await this.#lnd.rehearse(options, { signal, progress: onProgress }));
  }

  bytes(input, offset, length) {
    return this.#lnd.bytes(input, offset, length);
  }

  async close() {
    this.#lnd.close();
    await this.#close();
  }
}

const languages = ['en', 'zh-CN'];

export async function words(language = 'en') {
  if (!languages.includes(language)) throw new RangeError(`languages: ${languages.join(', ')}`);
  const bytes = await own(new URL(`./words/${language}.json`, import.meta.url));
  return JSON.parse(new TextDecoder().decode(bytes));
}
