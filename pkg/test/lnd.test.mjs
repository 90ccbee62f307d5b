// LND's stores: whatever the native command says, the package says too, byte for byte.

import assert from 'node:assert/strict';
import { mkdirSync, openAsBlob, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { built, folder, installed, lines, native } from './support.mjs';

const { openLnd } = await installed();

const root = join(built, 'fixtures', 'lnd', 'v0.21');

/** The files of a store that LND wrote. */
function stores(name) {
  const own = join(root, name);
  return readdirSync(own).filter((file) => file !== 'read.json').sort().map((file) => join(own, file));
}

/** The command takes a log that lies beside a database by itself, behind what was named. */
const names = readdirSync(root).filter((name) => statSync(join(root, name)).isDirectory()).sort();
assert.ok(names.length > 80);

const paths = (name) => stores(name).map((path) => ({ path }));
const blobs = (name) => stores(name).map((path) => ({ name: basename(path), input: new Blob([readFileSync(path)]) }));
const bytes = (name) => stores(name).map((path) => ({ name: basename(path), input: readFileSync(path) }));

test('every report', async () => {
  for (const name of names) {
    const expected = native('check', '--json', ...stores(name));
    const open = [paths, blobs, bytes][names.indexOf(name) % 3];
    const lnd = await openLnd(open(name));
    assert.equal(`${lnd.reportJson}\n`, expected, name);
    await lnd.close();
  }
});

test('options are those of the command', async () => {
  const files = stores('s2-sqlite');
  const lnd = await openLnd(paths('s2-sqlite'), { release: 'v0.21', native: true, skip: false, backend: 'sqlite', reveal: true });
  const asked = ['--release', 'v0.21', '--native', 'on', '--skip', 'off', '--backend', 'sqlite', '--reveal'];
  assert.equal(`${lnd.reportJson}\n`, native('lnd', 'state', '--json', ...asked, ...files));
  await lnd.close();
  await assert.rejects(openLnd(paths('s2-sqlite'), { release: 'v9' }), /release/);
  await assert.rejects(openLnd(paths('s2-sqlite'), { relaese: 'v0.21' }), /relaese/);
  await assert.rejects(openLnd([]), TypeError);
});

test('invoices', async () => {
  for (const name of ['s1-bolt', 's2-sqlite', 'wal-s2-sqlite', 's1-postgres', 'many-bolt', 'zero-invoices-bolt']) {
    const files = stores(name);
    const lnd = await openLnd(blobs(name));
    for (const reveal of [false, true]) {
      for (const side of [undefined, 'kv', 'sql']) {
        const options = [...(reveal ? ['--reveal'] : []), ...(side ? ['--side', side] : [])];
        const page = await lnd.invoices({ from: 0, count: 1e6, reveal, ...(side && { side }) });
        if (page === null) {
          assert.deepEqual(lines('lnd', 'invoices', '--json', ...options, ...files), []);
          continue;
        }
        const expected = lines('lnd', 'invoices', '--json', '--count', 'all', ...options, ...files);
        assert.deepEqual(page.rows.map((row) => JSON.stringify(row)), expected, name);
        assert.equal(page.total, expected.length);
        const some = await lnd.invoices({ from: 2, count: 3, reveal, ...(side && { side }) });
        assert.deepEqual(some.rows, page.rows.slice(2, 5));
        assert.deepEqual((await lnd.invoices({ from: 1e9, count: 3 })).rows, []);
      }
    }
    await lnd.close();
  }
});

test('buckets, level by level', async () => {
  for (const name of ['s1-bolt', 's2-sqlite', 'zero-graph-bolt']) {
    const file = stores(name).find((path) => /channel/.test(path));
    const lnd = await openLnd([{ path: file }]);
    for (const reveal of [false, true]) {
      const expected = lines('lnd', 'buckets', '--json', '--depth', '64', ...(reveal ? ['--reveal'] : []), file);
      const rows = [];
      const walk = async (inside, depth) => {
        let from = 0;
        for (;;) {
          const page = await lnd.buckets({ ...inside, from, count: 7, reveal });
          for (const { bucket, ...row } of page.rows) {
            rows.push(JSON.stringify({ ...row, depth }));
            if (bucket !== undefined) await walk({ bucket }, depth + 1);
          }
          from += page.rows.length;
          if (!page.more) return;
        }
      };
      await walk({}, 0);
      const sorted = (list) => list.map((row) => JSON.stringify(Object.entries(JSON.parse(row)).sort()));
      if (reveal) assert.deepEqual(sorted(rows), sorted(expected), name);
      // Each level counts names that are not an invoice's for itself.
      else assert.equal(rows.length, expected.length);
    }
    const inside = await lnd.buckets({ path: ['invoices', new TextEncoder().encode('paymenthashes')] });
    assert.ok(inside.rows.every(({ kind, hex }) => kind === 'value' && hex === null));
    assert.deepEqual(inside.path, ['invoices', 'paymenthashes']);
    assert.equal(await lnd.buckets({ path: ['nobody'] }), null);
    await lnd.close();
  }
});

test('the dump is the one that the command writes', async () => {
  for (const name of ['s1-bolt', 's2-sqlite', 's1-postgres']) {
    const file = stores(name).find((path) => /channel|dump.sql/.test(path));
    const lnd = await openLnd(paths(name));
    const out = join(folder, `${name}.jsonl`);
    native('lnd', 'dump', file, '-o', out);
    const { blob, redaction, bytes: size } = await lnd.dump();
    const text = Buffer.from(await blob.arrayBuffer());
    assert.equal(Buffer.compare(text, readFileSync(out)), 0, name);
    assert.equal(size, text.length);
    assert.ok(redaction);
    // It opens like a store.
    const again = await openLnd([{ name: 'dump', input: blob }]);
    assert.equal(`${again.reportJson}\n`, native('check', '--json', out));
    assert.equal(again.report.lnd.kv[0].store, 'dump');
    await again.close();
    await lnd.close();
  }
});

/** Files of a store with one invoice's amount changed on the newer side, as nothing of LND's does. */
async function edited(name) {
  const own = join(folder, `${name}-edited`);
  mkdirSync(own, { recursive: true });
  return stores(name).map((path) => {
    const copy = join(own, basename(path));
    const bytes = readFileSync(path);
    // The memo of one row, which stands in the rows of native SQL and in no index.
    if (basename(path) === 'lnd.sqlite') {
      const at = bytes.indexOf('mpp: settled by three');
      assert.ok(at > 0);
      bytes[at] = 'M'.charCodeAt(0);
    }
    writeFileSync(copy, bytes);
    return copy;
  });
}

test('both sides compared', async () => {
  let whole = 0;
  const cases = names.map((name) => [name, stores(name)]);
  cases.push(['edited', await edited('s2-sqlite')]);
  for (const [name, files] of cases) {
    const lnd = await openLnd(files.map((path) => ({ path })));
    const compared = await lnd.compare();
    if (compared === null) {
      assert.equal(native('lnd', 'compare', '--json', ...files), '', name);
    } else {
      assert.equal(`${compared.reportJson}\n`, native('lnd', 'compare', '--json', ...files), name);
      if (compared.report.summary.same > 0) whole += 1;
    }
    if (name === 'edited') {
      const { summary, findings } = compared.report;
      assert.deepEqual(summary.fields, [{ field: 'memo', count: 1 }]);
      assert.deepEqual(findings.filter(({ code }) => code === 'lnd.invoice_differs').map(({ values }) => values.cost), ['books']);
      const shown = await lnd.compare({ reveal: true });
      assert.equal(`${shown.reportJson}\n`, native('lnd', 'compare', '--json', '--reveal', ...files));
      assert.ok(!compared.reportJson.includes('pp: settled by three') && shown.reportJson.includes('pp: settled by three'));
    }
    await lnd.close();
  }
  assert.ok(whole >= 10, `${whole} pairs`);
});

test('a list by lncli is a side', async () => {
  const lists = join(built, 'fixtures', 'lnd', 'lists');
  for (const [list, store] of [['v0.21-s2-kv.json', 'lnd.sqlite'], ['v0.21-s2-sql.json', 'channel.sqlite']]) {
    const files = [join(root, 's2-sqlite', store)];
    const path = join(lists, list);
    const lnd = await openLnd(files.map((path) => ({ path })));
    assert.equal(await lnd.compare(), null);
    const expected = native('lnd', 'compare', '--json', ...files, path);
    for (const given of [{ path }, { input: new Blob([readFileSync(path)]) }, { name: list, input: readFileSync(path) }]) {
      const { reportJson, report } = await lnd.compare({ list: given });
      assert.equal(`${reportJson}\n`, expected);
      assert.ok(report.summary.same > 20);
      assert.ok([report.summary.old, report.summary.new].some(({ kind, input }) => kind === 'list' && input === 1));
    }
    await lnd.close();
  }
});

test('the migration rehearsed', async () => {
  const outcomes = new Set();
  // Those that offend a rule were written by older releases.
  const older = join(root, '..', 'v0.19');
  const rules = readdirSync(older).map((name) => join(older, name));
  assert.ok(rules.length > 40);
  for (const own of [...names.map((name) => join(root, name)), ...rules]) {
    const name = basename(own);
    const files = readdirSync(own).filter((file) => file !== 'read.json').sort().map((file) => join(own, file));
    const lnd = await openLnd(files.map((path) => ({ path })));
    for (const [options, asked] of [
      [{}, []],
      [{ release: 'v0.19' }, ['--release', 'v0.19']],
      [{ release: 'v0.20.3', backend: 'postgres', reveal: true }, ['--release', 'v0.20.3', '--backend', 'postgres', '--reveal']],
    ]) {
      const rehearsed = await lnd.rehearse(options);
      if (rehearsed === null) {
        assert.equal(native('lnd', 'rehearse', '--json', ...asked, ...files), '', name);
        continue;
      }
      assert.equal(`${rehearsed.reportJson}\n`, native('lnd', 'rehearse', '--json', ...asked, ...files), name);
      outcomes.add(rehearsed.report.rehearsal.foreseen.outcome);
    }
    await lnd.close();
  }
  for (const outcome of ['succeeds', 'alters', 'fails', 'crashes', 'not_run', 'refused']) assert.ok(outcomes.has(outcome), `${outcome}: ${[...outcomes]}`);
  const lnd = await openLnd(paths('s1-sqlite'));
  await assert.rejects(lnd.rehearse({ release: 'v0.18' }), /release/);
  await assert.rejects(lnd.rehearse({ backend: 'bolt' }), /sqlite or postgres/);
  await assert.rejects(lnd.compare({ revael: true }), /revael/);
  await lnd.close();
  await assert.rejects(lnd.compare(), /closed/);
  const many = await openLnd(paths('many-bolt'));
  const controller = new AbortController();
  const own = () => {
    throw new RangeError('its own');
  };
  for (const work of ['rehearse', 'dump']) {
    await assert.rejects(many[work]({ onProgress: own }), { message: 'its own' }, work);
  }
  const cancelled = many.rehearse({ signal: controller.signal, onProgress: () => controller.abort() });
  await assert.rejects(cancelled, { name: 'AbortError' });
  assert.ok((await many.rehearse()).report.rehearsal.invoices > 0);
  await many.close();
});

test('what must stay secret does', async () => {
  const { kv } = JSON.parse(readFileSync(join(root, 'wal-s2-sqlite', 'read.json')));
  const secrets = kv.invoices.flatMap((one) => [one.preimage, one.payment_addr, one.payment_request, one.hash_of_preimage, Buffer.from(one.memo_hex, 'hex').toString()]);
  const lnd = await openLnd(paths('wal-s2-sqlite'));
  const { blob } = await lnd.dump();
  const texts = [lnd.reportJson, await blob.text()];
  texts.push((await lnd.compare()).reportJson, (await lnd.rehearse()).reportJson);
  for (const side of ['kv', 'sql']) texts.push(JSON.stringify(await lnd.invoices({ side })));
  texts.push(JSON.stringify(await lnd.buckets({ path: ['invoices'] })));
  for (const text of texts) for (const secret of secrets) assert.ok(!text.includes(secret), secret);
  const shown = JSON.stringify(await lnd.invoices({ side: 'kv', reveal: true }));
  for (const { preimage } of kv.invoices) assert.ok(shown.includes(preimage));
  await lnd.close();
});

test('pages', async () => {
  const lnd = await openLnd(paths('s2-sqlite'));
  for (const { input, pageSize, kinds, runs } of lnd.maps()) {
    const { size } = lnd.report.inputs[input];
    let next = 0;
    for (let at = 0; at < runs.length; at += 4) {
      assert.equal(runs[at], next);
      next += runs[at + 1];
      assert.ok(kinds[runs[at + 2]]);
    }
    assert.equal(next * pageSize, size);
  }
  assert.deepEqual(lnd.trees(), [{ input: 0, prefixes: ['channeldb', 'decayedlogdb', 'towerclientdb'] }]);
  await lnd.close();
});

test('bytes, progress, cancelling, a file that changes', async () => {
  const [path] = stores('many-bolt');
  const seen = [];
  const lnd = await openLnd([{ path }], { onProgress: (done, total) => seen.push([done, total]) });
  assert.ok(seen.length > 0 && seen.every(([done, total]) => done <= total));
  assert.deepEqual(await lnd.bytes(0, 16, 4), new Uint8Array([0xed, 0xda, 0x0c, 0xed]));
  await lnd.close();
  await assert.rejects(lnd.invoices(), /closed/);

  const controller = new AbortController();
  const opening = openLnd([{ path }], { signal: controller.signal, onProgress: () => controller.abort() });
  await assert.rejects(opening, { name: 'AbortError' });

  const copy = join(folder, 'changing.db');
  writeFileSync(copy, readFileSync(path));
  let once = true;
  const changed = await openLnd([await openAsBlob(copy).then((input) => ({ name: 'channel.db', input })), { path: copy }], {
    onProgress() {
      if (once) writeFileSync(copy, 'gone');
      once = false;
    },
  });
  assert.equal(changed.report.verdict.headline, 'not_still');
  await changed.close();
});
