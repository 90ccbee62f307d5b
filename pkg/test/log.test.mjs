// Logs: what the package says of one is what the native command says, byte for byte.

import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixture, folder, installed, lines } from './support.mjs';

const { open } = await installed();

const PEER = '02531fe6068134503d2723133227c867ac8fa6c83c537e9a44c3c5bdbdcb1fe337';

const SOUND = fixture('healthy');

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

test('a log beside the store that it is about', async () => {
  const stores = { damaged: join(folder, 'beside.gs'), other: join(folder, 'other.gs') };
  const sound = readFileSync(SOUND);
  writeFileSync(stores.other, sound);
  const whole = await open(sound);
  const { rows: [{ offset: record, len }] } = await whole.records({ from: 200, count: 1 });
  await whole.close();
  const damaged = Buffer.from(sound);
  damaged[record + 20] ^= 7;
  writeFileSync(stores.damaged, damaged);
  const path = join(folder, 'beside.log');
  const line = (offset) => `2024-02-28T10:15:01.000Z **BROKEN** gossipd: gossip_store: checksum verification failed? c6a9e4c2 should be 3bf516fe (offset ${offset}). Moving to gossip_store.corrupt and truncating`;
  writeFileSync(path, `${[record, record + len - 1, sound.length + 7, 0].map(line).join('\n')}\n`);
  for (const name of ['damaged', 'other']) {
    for (const peers of [undefined, 0, 7]) {
      const log = await open({ path });
      const alone = log.reportJson;
      const store = await open({ path: stores[name] });
      const given = peers === undefined ? [] : ['--peers', String(peers)];
      const [expected] = lines('log', '--json', '--store', stores[name], ...given, path);
      const report = await log.beside(store, { peers });
      assert.equal(log.reportJson, expected);
      assert.notEqual(expected, alone);
      assert.deepEqual(log.report, report);
      assert.equal(report.log.events[0].record.wound, name === 'damaged');
      assert.equal(report.log.events[2].record, undefined);
      assert.ok(report.log.upload.peers >= (peers ?? 1));
      // Once more, and in a Blob, whose bytes come later.
      const blob = await open(new Blob([readFileSync(stores[name])]));
      await log.beside(blob, { peers });
      assert.equal(log.reportJson, expected);
      await Promise.all([log.close(), store.close(), blob.close()]);
    }
  }
});

test('what is no log, and what is no store', async () => {
  const log = await open(new TextEncoder().encode(`${LOGS.lightningd.join('\n')}\n`));
  const store = await open(readFileSync(SOUND));
  const alone = log.reportJson;
  await assert.rejects(store.beside(store), /no log/);
  await assert.rejects(log.beside(log), /no gossip_store/);
  await assert.rejects(log.beside(store, { peers: 1.5 }), /peers is a whole number/);
  await assert.rejects(log.beside(store, { peer: 1 }), /peer/);
  await assert.rejects(log.beside(store, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  assert.equal(log.reportJson, alone);
  await Promise.all([log.close(), store.close()]);
});

/** The time of its last writing tells the year, as it does to the command. */
test('a log whose clock has no year', async () => {
  const path = join(folder, 'syslog.log');
  writeFileSync(path, [
    'Dec 31 23:59:58 host lightningd[123]: INFO    lightningd: Server started with public key 02, alias X (color #123456) and lightningd v24.11.1',
    'Jan  1 00:00:05 host lightningd[123]: **BROKEN** gossipd: gossip_store: checksum verification failed? c6a9e4c2 should be 3bf516fe (offset 147319). Moving to gossip_store.corrupt and truncating',
    '',
  ].join('\n'));
  const written = new Date('2023-01-02T00:00:00Z');
  utimesSync(path, written, written);
  const [expected] = lines('check', '--json', path);
  const last = Date.UTC(2023, 0, 1, 0, 0, 5) / 1000;
  assert.equal(JSON.parse(expected).log.last, last);
  const options = { lastModified: written.getTime() };
  for (const input of [{ path }, new File([readFileSync(path)], 'syslog.log', options)]) {
    const log = await open(input);
    assert.equal(log.reportJson, expected);
    await log.close();
  }
});

test('a log that is written to meanwhile is no broken one', async () => {
  const path = join(folder, 'alive.log');
  writeFileSync(path, `${LOGS.lightningd.join('\n')}\n`);
  const [expected] = lines('check', '--json', path);
  let told = 0;
  const onProgress = () => {
    told += 1;
    appendFileSync(path, `${LOGS.lightningd[0]}\n`);
  };
  const log = await open({ path }, { onProgress });
  assert.ok(told > 0);
  assert.equal(log.report.verdict.headline, JSON.parse(expected).verdict.headline);
  await log.close();
});

/** A browser reads no further in a file on disk once it is written to. */
test('of a log that cannot be read to its end, what was read is told', async () => {
  const text = Array.from({ length: 600 }, () => `${LOGS.lightningd.join('\n')}\n`).join('');
  let reads = 0;
  class Growing extends Blob {
    slice(...range) {
      reads += 1;
      const gone = () => Promise.reject(new DOMException('it has changed', 'NotReadableError'));
      return reads > 2 ? { arrayBuffer: gone } : super.slice(...range);
    }
  }
  const log = await open(new Growing([text]));
  assert.ok(reads > 2);
  assert.equal(log.report.verdict.headline, 'not_still');
  assert.equal(log.report.input.kind, 'lightningd_log');
  assert.ok(log.report.log.lines > 1_000 && log.report.log.lines < text.split('\n').length - 1);
  assert.ok(log.report.findings.some(({ code }) => code === 'log.flood'));
  await log.close();
});
