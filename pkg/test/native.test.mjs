// Whatever the native command says, the package says too, byte for byte.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixture, fixtures, folder, installed, lines, native } from './support.mjs';

const { open, openLnd } = await installed();

/** All rows of a table, by pages of that many. */
async function all(page, count) {
  const rows = [];
  for (;;) {
    const { total, rows: next } = await page({ from: rows.length, count });
    rows.push(...next.map((row) => JSON.stringify(row)));
    if (rows.length >= total) return rows;
    assert.equal(next.length, Math.min(count, total + next.length - rows.length));
  }
}

for (const [name, path] of fixtures()) {
  test(`the report on ${name}`, async () => {
    const expected = native('check', '--json', '--seed', '7', path);
    const bytes = readFileSync(path);
    const inputs = [
      [{ path }, { seed: 1 }],
      [bytes, { seed: 2 ** 53 - 1, chunkSize: 65_521 }],
      [new Blob([bytes]), {}],
      [bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length), { chunkSize: 1 << 20 }],
    ];
    for (const [input, options] of inputs) {
      const store = await open(input, options);
      assert.equal(`${store.reportJson}\n`, expected);
      await store.close();
    }
    const now = await open({ path }, { now: 1_790_000_000, reveal: true });
    const later = native('check', '--json', '--now', '1790000000', '--reveal', path);
    assert.equal(`${now.reportJson}\n`, later);
    await now.close();
  });

  // Its 69,000 records are no others than those of the small ones.
  if (name === 'bloat') continue;
  test(`the tables of ${name}`, async () => {
    for (const reveal of [false, true]) {
      const store = await open({ path }, { reveal });
      const revealed = reveal ? ['--reveal'] : [];
      const records = lines('records', '--json', ...revealed, path);
      assert.equal(store.rowCount, records.length);
      assert.deepEqual(await all((page) => store.records(page), reveal ? 1_000 : 97), records);
      assert.deepEqual(await all((page) => store.channels(page), 41), lines('channels', '--json', path));
      assert.deepEqual(await all((page) => store.nodes(page), 1_000), lines('nodes', '--json', path));
      const found = await store.find({}, { limit: 1e6 });
      assert.deepEqual(found.rows.map(({ row, ...rest }) => JSON.stringify(rest)), records);
      assert.deepEqual(found.rows.map(({ row }) => row), records.map((_, number) => number));
      await store.close();
    }
  });
}

for (const name of ['sample', 'overlaid', 'unsupported_v3', 'unsupported_v8', 'malicious_aliases']) {
  test(`single records of ${name}`, async () => {
    const path = fixture(name);
    const store = await open({ path });
    const { total, rows } = await store.records({ count: 1_000 });
    const some = rows.filter((row, number) => number % 97 === 3 || row.kind === 'wound');
    const offsets = some.map(({ offset, len }) => offset + Math.floor(len / 2));
    for (const offset of [0, 1, ...offsets, store.report.input.size - 1]) {
      const shown = JSON.stringify(await store.record(offset));
      assert.equal(`${shown}\n`, native('show', '--json', path, String(offset)));
    }
    for (const row of some) {
      assert.equal(rows[await store.rowAt(row.offset + row.len - 1)].offset, row.offset);
    }
    assert.equal(await store.rowAt(0), 0);
    assert.equal(await store.rowAt(store.report.input.size), null);
    assert.equal(await store.record(2 ** 50), null);
    assert.ok(total > 20);
    await store.close();
  });
}

test('a search finds what the native filters find', async () => {
  const path = fixture('sample');
  const store = await open({ path });
  const [channel] = (await store.channels({ from: 17, count: 1 })).rows;
  const searches = [
    [{ types: 'channel_update', states: 'deleted' }, ['--type', '258', '--state', 'deleted']],
    [{ type: [257, '4101'], from: 50_000, to: 90_000 },
      ['--type', '257', '--type', '4101', '--from', '50000', '--to', '90000']],
    [{ states: ['wounded'] }, ['--state', 'wounded']],
    [{ scids: channel.scid }, ['--scid', channel.scid]],
    [{ text: channel.scid }, ['--scid', channel.scid]],
    [{ text: channel.scid_raw }, ['--scid', channel.scid]],
    [{ nodes: [channel.node_id_1.slice(0, 12)] }, ['--node', channel.node_id_1.slice(0, 12)]],
    [{ text: channel.node_id_2.slice(0, 20) }, ['--node', channel.node_id_2.slice(0, 20)]],
    [{ from: 80_000 }, ['--from', '80000']],
    [{ to: 500 }, ['--to', '500']],
  ];
  for (const [filter, args] of searches) {
    const { rows, more } = await store.find(filter, { limit: 1e6 });
    const expected = lines('records', '--json', ...args, path);
    assert.ok(expected.length > 0, JSON.stringify(filter));
    assert.deepEqual(rows.map(({ row, ...rest }) => JSON.stringify(rest)), expected);
    assert.equal(more, false);
    for (const { row, offset } of rows.slice(0, 3)) {
      assert.equal((await store.records({ from: row, count: 1 })).rows[0].offset, offset);
    }
  }
  const lanterns = await store.find({ alias: 'LANTERN' }, { limit: 2 });
  assert.deepEqual(lanterns.rows.map(({ alias }) => alias.includes('lantern')), [true, true]);
  assert.equal(lanterns.more, true);
  const begins = channel.scid.split('x')[0] + 'x';
  const some = await store.find({ text: begins });
  assert.ok(some.rows.length > 0 && some.rows.every(({ scid }) => scid.startsWith(begins)));
  assert.deepEqual(await store.find({ states: 'wounded', text: 'x' }), { rows: [], more: false });
  await store.close();
});

test('files that are something else', async () => {
  const text = (string) => Buffer.from(string, 'latin1');
  const noise = (len) => {
    let seed = 12_345;
    return Buffer.from(Array.from({ length: len }, () => {
      seed = Math.imul(seed, 1_103_515_245) + 12_345;
      return (seed >>> 16) & 255;
    }));
  };
  const files = {
    nothing: text(''),
    'one byte': text('\x10'),
    'one zero': text('\0'),
    zeros: Buffer.alloc(5_000),
    'many zeros': Buffer.alloc(300_000),
    jpeg: Buffer.concat([text('\xff\xd8\xff\xe0\0\x10JFIF\0'), noise(70_000)]),
    lightningd: text('SQLite format 3\0 CREATE TABLE channel_htlcs'),
    key: noise(32),
    backup: noise(900),
    macaroon: text('\x02\x01\x03lnd\x02\x90'),
    prose: text('2026-02-03 BROKEN gossipd: lost\n'.repeat(9_000)),
  };
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(folder, name.replace(' ', '_'));
    writeFileSync(path, bytes);
    const store = await open(bytes);
    assert.equal(`${store.reportJson}\n`, native('check', '--json', path), name);
    assert.equal((await store.channels()).total, 0);
    assert.deepEqual((await store.find()).more, false);
    await store.records();
    await store.record(0);
    await store.close();
  }
  // What may be LND's is read as such.
  const path = join(folder, 'sqlite');
  writeFileSync(path, Buffer.concat([text('SQLite format 3\0'), Buffer.alloc(100_000)]));
  const lnd = await openLnd([{ path }]);
  assert.equal(`${lnd.reportJson}\n`, native('check', '--json', path));
  await lnd.close();
});

test('holes and noise longer than any record are not read again', async () => {
  const sample = readFileSync(fixture('sample'));
  const noise = Buffer.alloc(3_000_000, 'these bytes are no record, however often they are read;');
  const middle = sample.length >> 1;
  const bytes = Buffer.concat([
    sample.subarray(0, middle), Buffer.alloc(9_000_000), sample.subarray(1, middle), noise,
    sample.subarray(middle),
  ]);
  const path = join(folder, 'long_wounds.gs');
  writeFileSync(path, bytes);
  let read = 0;
  class Counted extends Blob {
    slice(from, to) {
      read += to - from;
      return super.slice(from, to);
    }
  }
  const store = await open(new Counted([bytes]));
  assert.equal(`${store.reportJson}\n`, native('check', '--json', path));
  const records = lines('records', '--json', path);
  read = 0;
  assert.deepEqual(await all((page) => store.records(page), 500), records);
  assert.ok(read < 2_000_000, `${read} bytes read for the whole table`);
  for (const [number, line] of records.entries()) {
    const { kind, offset, len } = JSON.parse(line);
    if (kind !== 'wound') continue;
    assert.equal(await store.rowAt(offset + (len >> 1)), number);
    const shown = JSON.stringify(await store.record(offset + len - 1));
    assert.equal(`${shown}\n`, native('show', '--json', path, String(offset)));
    const [next] = (await store.records({ from: number + 1, count: 1 })).rows;
    if (next) assert.equal(JSON.stringify(next), records[number + 1]);
  }
  await store.close();
});
