// Signatures: what the package says of them is what the native command says, byte for byte.

import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bytesOf, fixture, fixtures, folder, installed, native } from './support.mjs';

const { open } = await installed();

const aborted = { name: 'AbortError' };

/** What the command prints, without the line end. */
const verified = (path, ...args) =>
  native('check', '--json', '--verify-signatures', ...args, path).trimEnd();

for (const [name, path] of fixtures()) {
  test(`the signatures of ${name}`, async () => {
    const bytes = readFileSync(path);
    // Some thousand signatures once are enough.
    const inputs = name === 'bloat' ? [bytes] : [{ path }, bytes, new Blob([bytes])];
    for (const input of inputs) {
      const store = await open(input);
      const before = store.reportJson;
      const report = await store.verifySignatures();
      assert.equal(store.reportJson, verified(path));
      assert.equal(report, store.report);
      assert.deepEqual(report, JSON.parse(store.reportJson));
      if (report.gossip) assert.notEqual(store.reportJson, before);
      await store.close();
    }
  });
}

test('broken signatures are found, and each is named', async () => {
  const store = await open(bytesOf('badly_signed'));
  assert.equal(store.report.gossip.signatures, undefined);
  const { gossip, findings } = await store.verifySignatures();
  const { invalid, all_zero, unverifiable } = gossip.signatures;
  assert.deepEqual([invalid, all_zero, unverifiable], [2, 1, 1]);
  const bad = findings.filter(({ code }) => code === 'gossip.bad_signature');
  assert.deepEqual(bad.map(({ values }) => values.signers.length), [1, 1]);
  assert.ok(bad.some(({ values }) => values.signers[0] === 'bitcoin_1'));
  assert.equal(findings.filter(({ code }) => code === 'gossip.zero_signatures').length, 1);
  await store.close();

  const good = await open(bytesOf('well_signed'), { verifySignatures: true });
  const { records, valid } = good.report.gossip.signatures;
  assert.ok(records > 50 && valid === records);
  assert.equal(good.report.verdict.headline, 'healthy');
  await good.close();
});

test('with every other option', async () => {
  const path = fixture('badly_signed');
  const options = { releases: ['v25.12', '24.11.1'], now: 1_790_000_000, reveal: true };
  const args = ['--release', 'v25.12', '--release', '24.11.1', '--now', '1790000000', '--reveal'];
  const store = await open({ path }, { ...options, verifySignatures: true });
  assert.equal(store.reportJson, verified(path, ...args));
  // Twice is once.
  await store.verifySignatures();
  assert.equal(store.reportJson, verified(path, ...args));
  await store.close();
  await assert.rejects(open({ path }, { verifySignatures: 1 }), TypeError);
});

test('something that is no store has no signatures', async () => {
  const path = join(folder, 'holiday.jpg');
  writeFileSync(path, Buffer.concat([Buffer.from('ffd8ffe000104a464946', 'hex'), Buffer.alloc(999)]));
  const store = await open({ path }, { verifySignatures: true });
  assert.equal(store.reportJson, verified(path));
  await store.close();
  const empty = await open(new Uint8Array());
  const { reportJson } = empty;
  await empty.verifySignatures();
  assert.equal(empty.reportJson, reportJson);
  await empty.close();
});

test('everything else goes on meanwhile, and progress is told', async () => {
  const path = fixture('bloat');
  const store = await open({ path });
  const told = [];
  let longest = 0;
  let last = performance.now();
  const turns = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  const verifying = store.verifySignatures({ onProgress: (...at) => told.push(at) });
  const { rows } = await store.records({ count: 3 });
  assert.equal(rows.length, 3);
  await verifying;
  clearInterval(turns);
  const { size } = store.report.input;
  assert.ok(told.length > 20 && told.length < 1_200, `${told.length} times`);
  assert.ok(told.every(([done, total], at) => total === size && done >= (told[at - 1]?.[0] ?? 0)));
  assert.deepEqual(told.at(-1), [size, size]);
  // Some 10 ms at a time, on a machine that has nothing else to do.
  assert.ok(longest < 1_000, `${longest} ms in one go`);
  await store.close();
});

test('a signal cancels, and leaves the report as it was', async () => {
  const store = await open(bytesOf('bloat'));
  const { reportJson } = store;
  const controller = new AbortController();
  const { signal } = controller;
  const verifying = store.verifySignatures({ signal, onProgress: () => controller.abort() });
  await assert.rejects(verifying, aborted);
  await assert.rejects(store.verifySignatures({ signal }), aborted);
  assert.equal(store.reportJson, reportJson);
  assert.equal((await store.records({ count: 3 })).rows.length, 3);
  // Two at a time, and one of them cancelled.
  const other = new AbortController();
  const [kept, dropped] = await Promise.allSettled([
    store.verifySignatures(),
    store.verifySignatures({ signal: other.signal, onProgress: () => other.abort() }),
  ]);
  assert.equal(dropped.reason.name, 'AbortError');
  assert.ok(kept.value.gossip.signatures.records > 0);
  const closing = store.verifySignatures();
  await store.close();
  await assert.rejects(closing, /closed/);
  await assert.rejects(open(bytesOf('sample'), { signal, verifySignatures: true }), aborted);
});

test('a file that changes meanwhile is not a still copy', async () => {
  const sample = bytesOf('badly_signed');
  const path = join(folder, 'changing-signed.gs');
  for (const change of [() => appendFileSync(path, 'x'), () => truncateSync(path, 5_000)]) {
    writeFileSync(path, sample);
    const store = await open({ path });
    change();
    const report = await store.verifySignatures();
    assert.equal(report.verdict.headline, 'not_still');
    assert.equal(report.findings.filter(({ code }) => code === 'input.not_still').length, 1);
    assert.ok(report.findings.some(({ code }) => code === 'gossip.zero_run'), 'what was read is told');
    await store.close();
  }
});

test('releases are chosen as in the command', async () => {
  for (const name of ['healthy', 'sample', 'unsupported_v3', 'torn_tail']) {
    const path = fixture(name);
    const choices = [
      ['all', ['all']],
      [['v25.12'], ['v25.12']],
      ['26.06', ['26.06']],
      [['v24.11.1', 'v0.7.0'], ['v24.11.1', 'v0.7.0']],
      [['v24.11.1', 'all'], ['v24.11.1', 'all']],
      [[], []],
    ];
    for (const [releases, names] of choices) {
      const store = await open({ path }, { releases });
      const expected = native('check', '--json', ...names.flatMap((one) => ['--release', one]), path);
      assert.equal(`${store.reportJson}\n`, expected, `${name} ${names}`);
      await store.close();
    }
  }
  const refused = open(bytesOf('sample'), { releases: ['v25.12', 'v99.9'] });
  await assert.rejects(refused, /v99\.9.*no known line of releases.*v25\.12/);
  await assert.rejects(open(bytesOf('sample'), { releases: [true] }), /releases/);
});
