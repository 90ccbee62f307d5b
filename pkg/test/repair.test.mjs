// Repair: what the package plans and writes is what the native command plans and writes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixture, fixtures, folder, installed, native } from './support.mjs';

const { open, repair } = await installed();

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

let written = 0;

/** What the command makes of these files: its document, and the new store. */
function repaired(paths, ...options) {
  const out = join(folder, `repaired-${++written}`);
  const document = JSON.parse(native('repair', '--json', '-o', out, ...options, ...paths));
  return { document, bytes: readFileSync(out) };
}

for (const [name, path] of fixtures()) {
  test(`the repair of ${name}`, async () => {
    for (const input of [{ path }, new Uint8Array(readFileSync(path)), new Blob([readFileSync(path)])]) {
      const store = await open(input);
      let expected;
      try {
        expected = repaired([path], '--seed', '7');
      } catch {
        await assert.rejects(store.repair(), /no record to keep/);
        await store.close();
        continue;
      }
      const made = await store.repair();
      assert.deepEqual(made.plan, expected.document.plan);
      const bytes = new Uint8Array(await (await made.blob()).arrayBuffer());
      assert.equal(sha256(bytes), expected.document.sha256);
      assert.equal(Buffer.compare(bytes, expected.bytes), 0);
      assert.equal(bytes.length, made.plan.size);

      // Twice is once.
      const again = await open(bytes);
      // What lightningd does with it.
      assert.deepEqual(again.report.releases, expected.document.releases);
      const second = await again.repair();
      assert.equal(second.plan.unchanged, true);
      assert.equal(sha256(new Uint8Array(await (await second.blob()).arrayBuffer())), sha256(bytes));
      for (const one of [made, second]) one.close();
      for (const one of [store, again]) await one.close();
    }
  });
}

test('several files, another version, compacted', async () => {
  const paths = [fixture('sample'), fixture('healthy')];
  const stores = await Promise.all(paths.map((path) => open({ path })));
  const progress = [];
  const made = await repair(stores, {
    version: 15,
    compact: true,
    onProgress: (done, total) => progress.push([done, total]),
  });
  const expected = repaired(paths, '--store-version', '15', '--compact');
  assert.deepEqual(made.plan, expected.document.plan);
  const bytes = Buffer.from(await (await made.blob()).arrayBuffer());
  assert.equal(Buffer.compare(bytes, expected.bytes), 0);
  assert.equal(bytes[0], 15);
  assert.ok(progress.every(([done, total]) => done <= total));
  made.close();
  await assert.rejects(made.blob(), /closed/);
  for (const store of stores) await store.close();
  await assert.rejects(repair(stores), /closed/);
});

test('what cannot be asked for is refused, and cancelling cancels', async () => {
  const store = await open({ path: fixture('bloat') });
  await assert.rejects(store.repair({ version: 8 }), /9 to 16/);
  await assert.rejects(store.repair({ version: 300 }), /version/);
  await assert.rejects(store.repair({ verison: 15 }), /verison/);
  const controller = new AbortController();
  const planning = store.repair({ signal: controller.signal });
  controller.abort();
  await assert.rejects(planning, { name: 'AbortError' });
  await store.close();
});
