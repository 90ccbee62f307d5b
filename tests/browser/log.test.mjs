// A log and the store that it is about, dropped together: the timeline stands under the store's
// map, and a line leads to the record whose offset it names.

import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import * as native from './support/native.mjs';
import { inspect } from './support/inspect.mjs';
import { file, fixture } from './support/stores.mjs';

const PEER = '02531fe6068134503d2723133227c867ac8fa6c83c537e9a44c3c5bdbdcb1fe337';

/** What v24.11 logs when it finds damage there, after a power cut, among a flood. */
function log(offset) {
  const lines = [
    '2024-02-28T10:00:00.000Z INFO    plugin-bcli: bitcoin-cli initialized and connected to bitcoind.',
    `2024-02-28T10:00:05.000Z INFO    lightningd: Server started with public key ${PEER}, alias X (color #123456) and lightningd v24.11.1`,
  ];
  for (let second = 10; second < 60; second += 1) {
    lines.push(`2024-02-28T10:00:${second}.000Z DEBUG   ${PEER}-gossipd: Bad gossip order: Unknown channel 1x2x3`);
  }
  lines.push(
    '2024-02-28T10:15:00.000Z INFO    plugin-bcli: bitcoin-cli initialized and connected to bitcoind.',
    `2024-02-28T10:15:01.000Z **BROKEN** gossipd: gossip_store: checksum verification failed? c6a9e4c2 should be 3bf516fe (offset ${offset}). Moving to gossip_store.corrupt and truncating`,
    '2024-02-28T10:15:02.000Z **BROKEN** gossipd: STATUS_FAIL_INTERNAL_ERROR: gossip_store: get delete entry offset 99999999999/7989',
  );
  return file('lightningd.log', `${lines.join('\n')}\n`);
}

test('store and log dropped together: the timeline leads to the record', () => inspect({}, async (inspector) => {
  const { page, guard } = inspector;
  const store = fixture('overwritten');
  const offset = native.report(store).findings.find(({ severity }) => severity === 'damage').place.span.start;
  const path = log(offset);
  await inspector.open('drop', store, path);
  // Under the map of the store.
  const section = page.locator('#map + .log');
  await section.waitFor();
  assert.match(await section.locator('h2').innerText(), new RegExp(basename(path)));
  const drawn = await section.locator('svg').getAttribute('aria-label');
  assert.match(drawn, /50 harmless/);
  assert.match(drawn, /2024-02-28 10:00/);
  assert.ok((await section.locator('svg path.trouble').getAttribute('d')).startsWith('M'));
  // The line of the wrong checksum leads to its record, the one beyond the end to none.
  const lines = section.locator('.log-lines li');
  assert.equal(await lines.count(), 2);
  assert.equal(await lines.locator('button').count(), 1);
  const line = lines.locator('button');
  assert.match(await line.innerText(), /checksum verification failed/);
  await line.click();
  await inspector.bytes(offset);
  assert.equal(await line.getAttribute('aria-pressed'), 'true');
  assert.match(await lines.nth(1).innerText(), /beyond the end/);
  // What the store costs to send, in the command's words.
  const said = native.beside(path, store);
  for (const part of ['.upload h3', '.upload p']) {
    const text = await section.locator(part).innerText();
    assert.ok(text.length > 20 && said.includes(text), text);
  }
  await guard.check();

  // The log's own page says what the command says.
  await page.locator('.file-tab .tab').nth(1).click();
  await inspector.done();
  const report = native.report(path);
  assert.equal(report.input.kind, 'lightningd_log');
  assert.equal((await inspector.verdict()).sentence, native.words(path).sentence);
  assert.ok(report.findings.some(({ code }) => code === 'log.likely_cause'));
  await page.locator('main > .log svg').waitFor();
  assert.equal(await page.locator('main > .log .upload').count(), 0, 'there is no store beside it');
  await inspector.language('zh-CN');
  assert.match(await page.locator('main > .log h3').innerText(), /有问题的行/);
}));
