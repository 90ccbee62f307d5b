// How bytes come in: every kind of input, progress, cancelling, files that change.

import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { built, bytesOf, fixture, folder, install, installed, native, run } from './support.mjs';

const { inks, open, words } = await installed();

const aborted = { name: 'AbortError' };

test('a stranger diagnoses a store', () => {
  const project = install();
  writeFileSync(join(project, 'diagnose.js'), `
    import { open } from 'fulgurite';
    const store = await open({ path: process.argv[2] });
    console.log(store.report.verdict.headline);
  `);
  const said = run('node', ['diagnose.js', fixture('sample')], { cwd: project });
  assert.equal(said.toString(), 'zero_run\n');
});

test('every kind of input gives the same report', async () => {
  const path = fixture('sample');
  const bytes = new Uint8Array(bytesOf('sample'));
  const pieces = async function* () {
    for (let at = 0; at < bytes.length; at += 10_007) yield bytes.subarray(at, at + 10_007);
  };
  const inputs = {
    path: { path },
    url: { path: pathToFileURL(path) },
    blob: new Blob([bytes]),
    bytes,
    part: new Uint8Array([9, 9, ...bytes, 9]).subarray(2, bytes.length + 2),
    buffer: bytes.buffer,
    view: new DataView(bytes.buffer),
    pieces: pieces(),
    stream: new Blob([bytes]).stream(),
    locked: { getReader: () => new Blob([bytes]).stream().getReader() },
  };
  const expected = native('check', '--json', path).trimEnd();
  for (const [name, input] of Object.entries(inputs)) {
    const store = await open(input);
    assert.equal(store.reportJson, expected, name);
    assert.deepEqual(await store.bytes(130_000, 50), bytes.slice(130_000, 130_050));
    assert.equal((await store.bytes(bytes.length - 3, 50)).length, 3);
    await store.close();
  }
});

test('what is no input is refused', async () => {
  for (const input of [undefined, null, 'gossip_store', 7, {}, [1, 2]]) {
    await assert.rejects(open(input), TypeError);
  }
  await assert.rejects(open((async function* () { yield 'text'; })()), TypeError);
  await assert.rejects(open({ path: join(folder, 'is not there') }), { code: 'ENOENT' });
  await assert.rejects(open({ path: folder }));
  const empty = new Uint8Array();
  for (const options of [{ now: 'today' }, { now: -1 }, { own: ['02ab'] }, { typo: 1 }]) {
    await assert.rejects(open(empty, options), Error);
  }
  await assert.rejects(open(empty, { chunkSize: 0 }), RangeError);
});

test('progress is told, and ends at the end', async () => {
  const told = [];
  const onProgress = (done, total) => told.push([done, total]);
  const store = await open({ path: fixture('bloat') }, { onProgress });
  const { size } = store.report.input;
  // Chunks begin small, so that work begins soon.
  assert.deepEqual(told, [[1 << 20, size], [3 << 20, size], [7 << 20, size], [size, size]]);
  told.length = 0;
  const { rows, more } = await store.find({ types: 257 }, { onProgress });
  assert.deepEqual([rows, more], [[], false]);
  assert.deepEqual(told.at(-1), [size, size]);
  await store.close();
});

test('a signal cancels', async () => {
  const path = fixture('bloat');
  await assert.rejects(open({ path }, { signal: AbortSignal.abort() }), aborted);

  for (const input of [{ path }, readFileSync(path), new Blob([readFileSync(path)])]) {
    const controller = new AbortController();
    const { signal } = controller;
    const told = [];
    const onProgress = (done) => {
      told.push(done);
      setImmediate(() => controller.abort());
    };
    const options = { signal, onProgress, chunkSize: 1 << 20 };
    await assert.rejects(open(input, options), aborted);
    assert.ok(told.length < 5, `${told.length} chunks after cancelling`);
  }

  class Stuck extends Blob {
    slice() {
      return { arrayBuffer: () => new Promise(() => {}) };
    }
  }
  const late = new AbortController();
  setTimeout(() => late.abort(), 20);
  await assert.rejects(open(new Stuck(['some bytes']), { signal: late.signal }), aborted);

  // Streams that stall: nobody waits for them.
  let returned = 0;
  const stalled = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: async () => (returned += 1),
    }),
  };
  let canceled;
  const web = new ReadableStream({ cancel: (why) => (canceled = why) });
  const streams = [stalled, web, new Readable({ read() {} })];
  for (const input of streams) {
    const stopped = new AbortController();
    setTimeout(() => stopped.abort(), 20);
    await assert.rejects(open(input, { signal: stopped.signal }), aborted);
  }
  assert.deepEqual([returned, canceled?.name, streams[2].destroyed], [1, 'AbortError', true]);

  const store = await open({ path });
  const small = await open(bytesOf('sample'));
  const last = new AbortController();
  const toLast = { signal: last.signal, onProgress: (done, total) => done === total && last.abort() };
  await assert.rejects(small.find({ text: 'x' }, toLast), aborted);
  await small.close();
  const controller = new AbortController();
  const onProgress = () => controller.abort();
  await assert.rejects(store.find({ text: 'x' }, { signal: controller.signal, onProgress }), aborted);
  await assert.rejects(store.records({ signal: AbortSignal.abort() }), aborted);
  assert.equal((await store.records({ count: 3 })).rows.length, 3, 'it is none the worse');
  await store.close();
});

test('a file that changes is not a still copy', async () => {
  const sample = bytesOf('sample');
  const path = join(folder, 'changing.gs');
  const changed = async (change, options) => {
    writeFileSync(path, sample);
    const store = await open({ path }, { chunkSize: 65_536, onProgress: () => change(), ...options });
    const { report } = store;
    assert.equal(report.verdict.headline, 'not_still');
    assert.equal(report.findings.filter(({ code }) => code === 'input.not_still').length, 1);
    await store.close();
    return report;
  };
  const grown = await changed(() => appendFileSync(path, 'x'));
  assert.equal(grown.input.size, sample.length);
  assert.ok(grown.findings.some(({ code }) => code === 'gossip.zero_run'), 'what was read is told');

  // So short that no chunk on its way reaches behind the new end before there is one.
  const cut = await changed(() => truncateSync(path, 60_000), { chunkSize: 8_192 });
  assert.ok(cut.input.size >= 60_000 && cut.input.size < sample.length);
  assert.equal(cut.gossip.version.byte, 16);
});

test('a Blob that cannot be read any more has changed', async () => {
  const sample = bytesOf('sample');
  class Failing extends Blob {
    static left = 0;
    slice(...range) {
      if (Failing.left-- > 0) return super.slice(...range);
      const gone = new DOMException('it has changed', 'NotReadableError');
      return { arrayBuffer: () => Promise.reject(gone) };
    }
  }
  const blob = new Failing([sample]);
  await assert.rejects(open(blob), { name: 'NotReadableError' });
  // While it is scanned, at the second look, and at the very end.
  const headlines = [];
  for (let left = 1; left < 12; left += 1) {
    Failing.left = left;
    const store = await open(blob, { chunkSize: 16_384 });
    headlines.push(store.report.verdict.headline);
    await store.close();
  }
  assert.equal(headlines[0], 'not_still');
  assert.equal(headlines.at(-1), 'zero_run');
  assert.ok(headlines.includes('not_still', 5));
});

test('nothing works on a closed store', async () => {
  const store = await open(bytesOf('sample'));
  const other = await open(bytesOf('healthy'));
  const { report } = store;
  await store.close();
  await store.close();
  assert.equal(store.report, report, 'but its report stays');
  for (const use of ['map', 'rowCount']) {
    assert.throws(() => (use === 'map' ? store.map() : store[use]), /closed/);
  }
  await assert.rejects(store.records(), /closed/);
  await assert.rejects(store.find(), /closed/);
  await assert.rejects(store.bytes(0, 1), /closed/);
  assert.throws(() => other.compare(store), /closed/);
  await other.close();
});

test('many questions at once are answered each by itself', async () => {
  const store = await open({ path: fixture('sample') });
  const one = await store.records({ from: 200, count: 20 });
  const asked = Array.from({ length: 40 }, (_, number) => store.records({ from: number * 30, count: 30 }));
  const answers = await Promise.all([...asked, store.nodes(), store.record(5_000), store.find({}, { limit: 5 })]);
  assert.deepEqual(answers[6].rows.slice(20), one.rows.slice(0, 10));
  assert.equal(answers.at(-1).rows.length, 5);
  for (const bad of [-1, 0.5, NaN, '7']) {
    await assert.rejects(store.records({ from: bad }), RangeError);
    await assert.rejects(store.record(bad), RangeError);
  }
  assert.deepEqual((await store.records({ from: 1e9 })).rows, []);
  assert.deepEqual((await store.channels({ from: 2 ** 40 })).rows, []);
  await assert.rejects(store.find({ states: ['dead'] }), /no state/);
  await assert.rejects(store.find({ typ: 1 }));
  await store.close();
});

test('two stores side by side', async () => {
  const [one, two] = await Promise.all(['sample', 'healthy'].map((name) => open(bytesOf(name))));
  const { channels_in_both, first, second } = one.compare(two);
  assert.equal(channels_in_both + first.channels, one.report.gossip.network.channels);
  assert.equal(channels_in_both + second.channels, two.report.gossip.network.channels);
  await one.close();
  await two.close();
});

test('the map counts every byte', async () => {
  for (const name of ['sample', 'bloat']) {
    const store = await open({ path: fixture(name) });
    const { cellLen, cells } = store.map();
    const { size } = store.report.input;
    assert.equal(cells.length, Math.ceil(size / cellLen) * inks.length);
    assert.ok(cells.length <= 8_192 * inks.length);
    // All but the version byte.
    assert.equal(cells.reduce((sum, bytes) => sum + bytes, 0), size - 1);
    const wounds = cells.filter((_, at) => inks[at % inks.length] === 'wound');
    assert.equal(wounds.reduce((sum, bytes) => sum + bytes, 0), store.report.gossip.wounded_bytes);
    await store.close();
  }
});

test('words are complete in both languages, and so are the types', async () => {
  const types = readFileSync(join(built, 'npm', 'index.d.ts'), 'utf8');
  const union = (name) => {
    const [, text] = types.match(new RegExp(`export type ${name} =([^;]*);`));
    return [...text.matchAll(/'([^']+)'/g)].map(([, value]) => value).sort();
  };
  for (const language of ['en', 'zh-CN']) {
    const catalogue = await words(language);
    assert.equal(catalogue.language, language);
    for (const [part, type] of [['headlines', 'Headline'], ['findings', 'Code'], ['steps', 'Step']]) {
      assert.deepEqual(union(type), Object.keys(catalogue[part]).sort(), type);
    }
    assert.ok(Object.values(catalogue.findings).every(({ title, meaning }) => title && meaning));
  }
  assert.equal((await words()).severities.damage, 'damage');
  await assert.rejects(words('de'), RangeError);
});
