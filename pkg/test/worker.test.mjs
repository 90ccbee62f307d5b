// The page's worker: the message protocol, as a page would speak it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { built, bytesOf, fixture, installed, native } from './support.mjs';

const { inks } = await installed();

/** What a worker of a browser has, and one of Node's has not. */
const BROWSER = `
  const { parentPort, workerData } = require('node:worker_threads');
  globalThis.self = globalThis;
  globalThis.postMessage = (message, transfer) => parentPort.postMessage(message, transfer);
  globalThis.addEventListener = (_, listener) => parentPort.on('message', (data) => listener({ data }));
  require('node:vm').runInThisContext(workerData);
`;

const script = readFileSync(join(built, 'page', 'worker.js'), 'utf8');
const start = () => new Worker(BROWSER, { eval: true, workerData: script });
const worker = start();
after(() => worker.terminate());

const waiting = new Map();
const events = [];
worker.on('message', (message) => {
  if (message.event) return events.push(message);
  const { resolve, reject } = waiting.get(message.id);
  waiting.delete(message.id);
  if (message.error) reject(message.error);
  else resolve(message.ok);
});

let last = 0;
function ask(op, fields, given) {
  const id = ++last;
  const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  worker.postMessage({ id, op, ...fields }, given);
  return Object.assign(answer, { id });
}

test('nothing is known of what was not opened', async () => {
  await assert.rejects(ask('rows', { handle: 5, from: 0, count: 1 }), { name: 'RangeError' });
  await assert.rejects(ask('toString', {}), { name: 'TypeError' });
});

test('the glue can stand in a script element', () => {
  assert.ok(!/<\/script|<!--/i.test(script));
  // Nothing that a bundler or a page without network would trip over.
  assert.ok(!/^\s*(import|export)\b/m.test(script));
});

test('the whole protocol', async () => {
  const module = await WebAssembly.compile(readFileSync(join(built, 'page', 'fulgurite_bg.wasm')));
  assert.equal(await ask('init', { module }), null);

  const path = fixture('sample');
  const file = new Blob([bytesOf('sample')]);
  const opening = ask('open', { file, options: {} });
  const { handle, reportJson, rows, map, ...rest } = await opening;
  assert.deepEqual(rest, {});
  assert.equal(`${reportJson}\n`, native('check', '--json', path));
  assert.equal(rows, 447);
  assert.equal(map.cellLen, 64);
  assert.ok(map.cells instanceof Uint32Array && map.cells.length % inks.length === 0);
  const progress = events.filter(({ id }) => id === opening.id);
  assert.deepEqual(progress, [{ id: opening.id, event: 'progress', done: file.size, total: file.size }]);

  const page = await ask('rows', { handle, from: 216, count: 3 });
  assert.equal(page.total, rows);
  assert.deepEqual(page.rows.map(({ kind }) => kind), ['record', 'wound', 'record']);
  const { offset } = page.rows[1];
  assert.deepEqual(await ask('rowAt', { handle, offset: offset + 1 }), { row: 217 });
  assert.deepEqual(await ask('rowAt', { handle, offset: file.size }), { row: null });
  const detail = await ask('detail', { handle, offset, reveal: false });
  assert.equal(detail.kind, 'wound');
  assert.equal(detail.findings[0].code, 'gossip.zero_run');
  assert.equal((await ask('channels', { handle, from: 0, count: 5 })).rows.length, 5);
  assert.equal((await ask('nodes', { handle, from: 31, count: 5 })).rows.length, 2);
  const found = await ask('find', { handle, filter: { states: ['wounded'] }, limit: 1 });
  assert.deepEqual([found.rows[0].row, found.more], [217, true]);
  const bytes = await ask('bytes', { handle, at: offset, len: 16 });
  assert.deepEqual(bytes, new Uint8Array(bytesOf('sample').subarray(offset, offset + 16)));

  const other = await ask('open', { file: new Blob([bytesOf('healthy')]) });
  const sides = await ask('compare', { handle, other: other.handle });
  assert.ok(sides.first.channels > 0);

  const planned = await ask('repair', { handles: [handle], options: { version: 15 } });
  const plan = JSON.parse(planned.planJson);
  assert.deepEqual([plan.version, plan.unchanged, plan.lost[0]], [15, false, 2]);
  const { blob } = await ask('repaired', { repair: planned.repair });
  assert.equal(blob.size, plan.size);
  const clean = await ask('open', { file: blob, options: {} });
  assert.equal(JSON.parse(clean.reportJson).verdict.severity, 'info');
  assert.equal(await ask('dismiss', { repair: planned.repair }), null);
  await assert.rejects(ask('repaired', { repair: planned.repair }), { name: 'RangeError' });

  assert.equal(await ask('close', { handle }), null);
  await assert.rejects(ask('rows', { handle, from: 0, count: 1 }), { name: 'RangeError' });
  assert.equal((await ask('rows', { handle: other.handle, from: 0, count: 1 })).rows.length, 1);
});

test('signatures are verified by several workers', async () => {
  const module = await WebAssembly.compile(readFileSync(join(built, 'page', 'fulgurite_bg.wasm')));
  const lend = () => {
    const helper = start();
    const { port1, port2 } = new MessageChannel();
    helper.postMessage({ id: 1, op: 'lend', module, port: port1 }, [port1]);
    return { helper, port: port2 };
  };
  const silent = new MessageChannel().port2;
  for (const name of ['badly_signed', 'well_signed', 'healthy', 'bloat']) {
    const helpers = [lend(), lend()];
    const file = new Blob([bytesOf(name)]);
    const { handle } = await ask('open', { file, options: {} });
    // One that never says that it is there keeps nobody waiting.
    const ports = [...helpers.map(({ port }) => port), ...(name === 'bloat' ? [silent] : [])];
    const verifying = ask('verify', { handle, ports }, ports);
    const rows = await ask('rows', { handle, from: 0, count: 2 });
    assert.equal(rows.rows.length, 2);
    const { reportJson } = await verifying;
    const expected = native('check', '--json', '--verify-signatures', fixture(name));
    assert.equal(`${reportJson}\n`, expected, name);
    const progress = events.filter(({ id }) => id === verifying.id).at(-1);
    assert.deepEqual([progress.done, progress.total], [file.size, file.size]);
    await ask('close', { handle });
    for (const { helper } of helpers) await helper.terminate();
  }

  const { handle } = await ask('open', { file: new Blob([bytesOf('bloat')]), options: {} });
  const verifying = ask('verify', { handle });
  await ask('cancel', { target: verifying.id });
  await assert.rejects(verifying, { name: 'AbortError' });
  assert.equal((await ask('rows', { handle, from: 0, count: 1 })).rows.length, 1);
  await assert.rejects(ask('verify', { handle: 1e9 }), { name: 'RangeError' });
});

test('opening and finding can be cancelled', async () => {
  const file = new Blob(Array.from({ length: 30 }, () => bytesOf('bloat')));
  const opening = ask('open', { file, options: {} });
  const cancel = await ask('cancel', { target: opening.id });
  assert.equal(cancel, null);
  await assert.rejects(opening, { name: 'AbortError' });

  const { handle } = await ask('open', { file, options: {} });
  const finding = ask('find', { handle, filter: { alias: 'nobody has it' }, limit: 10 });
  await ask('cancel', { target: finding.id });
  await assert.rejects(finding, { name: 'AbortError' });
  await ask('cancel', { target: 1e9 });
  const found = await ask('find', { handle, filter: { types: [257] }, limit: 10 });
  assert.deepEqual(found, { rows: [], more: false });
  await assert.rejects(ask('find', { handle, filter: { no: 1 }, limit: 1 }), { name: 'Error' });
});

test('LND\'s stores', async () => {
  const root = join(built, 'fixtures', 'lnd', 'v0.21', 's2-sqlite');
  const names = ['channel.sqlite', 'lnd.sqlite'];
  const files = names.map((name) => new Blob([readFileSync(join(root, name))]));
  const gossip = new Blob([bytesOf('sample')]);
  assert.deepEqual(await ask('lndOurs', { files: [files[0], gossip, files[1]], names: ['a', 'b', 'c'] }), ['store', '', 'store']);
  assert.deepEqual(await ask('lndOurs', { files: [new Blob([])], names: ['channel.sqlite-wal'] }), ['store']);
  const list = new Blob(['{"invoices": []}']);
  assert.deepEqual(await ask('lndOurs', { files: [list], names: ['list.json'] }), ['list']);
  const { handle } = await ask('lndOpen', { files, names });
  const { reportJson, maps, trees } = await ask('lndCheck', { handle, options: {} });
  assert.equal(`${reportJson}\n`, native('check', '--json', ...names.map((name) => join(root, name))));
  assert.deepEqual([maps.length, trees.length], [2, 1]);
  assert.ok(maps.every(({ runs }) => runs instanceof Uint32Array));
  const { total, side, rows } = await ask('lndInvoices', { handle, page: { count: 2 } });
  assert.deepEqual([side, rows.length, total > 2], ['sql', 2, true]);
  const { rows: [{ bucket }] } = await ask('lndBuckets', { handle, page: {} });
  assert.ok((await ask('lndBuckets', { handle, page: { bucket } })).path.length === 1);
  const { blob, bytes } = await ask('lndDump', { handle, options: {} });
  assert.equal(blob.size, bytes);
  const peeked = await ask('peek', { file: files[0], at: 0, len: 6 });
  assert.equal(Buffer.from(peeked).toString(), 'SQLite');
  await assert.rejects(ask('lndCheck', { handle: 77, options: {} }), { name: 'RangeError' });
});
