// Logs: what the package says of one is what the native command says, byte for byte.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, installed, lines } from './support.mjs';

const { open } = await installed();

const PEER = '02531fe6068134503d2723133227c867ac8fa6c83c537e9a44c3c5bdbdcb1fe337';

const LOGS = {
  lightningd: [
    '2024-02-28T10:00:05.000Z INFO    lightningd: Server started with public key 02, alias X (color #123456) and lightningd v24.11.1',
    ...Array.from({ length: 5_000 }, (_, at) =>
      `2024-02-28T10:0${at % 10}:00.${String(at % 1_000).padStart(3, '0')}Z DEBUG   ${PEER}-gossipd: Bad gossip order: Unknown channel 1x2x3`),
    '2024-02-28T10:15:00.000Z INFO    plugin-bcli: bitcoin-cli initialized and connected to bitcoind.',
    '2024-02-28T10:15:01.000Z **BROKEN** gossipd: gossip_store: checksum verification failed? c6a9e4c2 should be 3bf516fe (offset 147319). Moving to gossip_store.corrupt and truncating',
  ],
  lnd: [
    '2025-01-02 03:00:00.000 [INF] LTND: Version Info version=0.20.1-beta',
    '2025-01-02 03:00:01.000 [INF] INVC: Starting migration of invoices from KV to SQL',
    '2025-01-02 03:00:31.000 [DBG] INVC: Migrated 14000 invoices (28.37 invoices/sec)',
    '2025-01-02 03:02:01.000 [ERR] LTND: unable to open databases: failed to migrate invoices to SQL: migrated record does not match original record',
  ],
};

for (const [name, text] of Object.entries(LOGS)) {
  test(`a log of ${name}`, async () => {
    const path = join(folder, `${name}.log`);
    writeFileSync(path, `${text.join('\n')}\n`);
    const [expected] = lines('check', '--json', path);
    for (const input of [{ path }, new Uint8Array(readFileSync(path))]) {
      const log = await open(input);
      assert.equal(JSON.stringify(log.report), JSON.stringify(JSON.parse(expected)));
      assert.equal(log.report.input.kind, `${name}_log`);
      assert.equal(log.report.log.lines, text.length);
      await log.close();
    }
  });
}
