// Files that were changed by chance, the same in every run: what the native command says of them, the
// package says too, byte for byte, and nothing is thrown.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { built, installed, native } from './support.mjs';

const { open, openLnd } = await installed();

/** The changed files of a target of tests/fuzz. */
function changed(target, least) {
  const folder = join(built, 'fixtures', 'changed', target);
  const paths = readdirSync(folder).sort().map((name) => join(folder, name));
  assert.ok(paths.length >= least, `${paths.length} files of ${target}`);
  return paths;
}

test('gossip_stores', async () => {
  const headlines = new Set();
  for (const [number, path] of changed('scan_chunks', 400).entries()) {
    const expected = native('check', '--json', '--seed', '7', path);
    const store = await open(number % 2 ? { path } : readFileSync(path), { chunkSize: 4_096 + number });
    assert.equal(`${store.reportJson}\n`, expected, path);
    headlines.add(store.report.verdict.headline);
    await store.close();
  }
  // They are not all refused for the same reason.
  assert.ok(headlines.size >= 5, [...headlines].join(' '));
});

for (const target of ['bolt', 'sqlite', 'pgdump', 'bucket_dump']) {
  test(`LND's stores: ${target}`, async () => {
    let read = 0;
    for (const path of changed(target, 100)) {
      const expected = native('lnd', 'state', '--json', path);
      const lnd = await openLnd([{ path }]);
      // The command refuses what is none of LND's; the package says what it is instead.
      if (expected) assert.equal(`${lnd.reportJson}\n`, expected, path);
      else assert.equal(lnd.report.verdict.headline, 'wrong_file', path);
      read += expected ? 1 : 0;
      await lnd.close();
    }
    assert.ok(read >= 50, `only ${read} were read`);
  });
}
