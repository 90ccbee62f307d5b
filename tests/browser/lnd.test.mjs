// LND's stores, dropped together: the state board, the tables, the dump, and what stays hidden.

import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { load, scratch } from './support/built.mjs';
import { WAYS, inspect } from './support/inspect.mjs';
import { alone, secrets, stores } from './support/lnd.mjs';
import * as native from './support/native.mjs';
import { ORIGINS } from './support/origins.mjs';
import { fixture } from './support/stores.mjs';

const axe = readFileSync(load.resolve('axe-core/axe.min.js'), 'utf8');

const LIVE = ['channel.sqlite', 'channel.sqlite-wal', 'lnd.sqlite', 'lnd.sqlite-wal'];
const live = stores('wal-s2-sqlite', ...LIVE);

// lnd.sqlite has been written back, the other not yet.
const three = stores('wal-s2-closed', 'channel.sqlite', 'channel.sqlite-wal', 'lnd.sqlite');

/** The root key of a macaroon that lies in it, as it could be told. */
const MACAROON = ['utf8', 'hex', 'base64'].map((form) => Buffer.from('a macaroon root key of 32 bytes.').toString(form));

const board = (inspector) => inspector.page.locator('#board .state').innerText();

/** Downloads by a button. */
async function download(inspector, button) {
  const [download] = await Promise.all([inspector.page.waitForEvent('download'), button.click()]);
  return inspector.downloaded(download);
}

/** Nothing is being read any more. */
const idle = async ({ page }) => {
  await page.locator('.panel-of [aria-busy]').waitFor({ state: 'detached' });
};

for (const origin of ORIGINS) {
  for (const way of WAYS) {
    test(`both stores with their logs, ${origin}, ${way}`, () => inspect({ origin }, async (inspector) => {
      const { page } = inspector;
      await inspector.open(way, ...live);
      assert.match(await board(inspector), /^S2 Migrated/);
      const { severity } = native.reportOf(live).verdict;
      assert.equal((await inspector.verdict()).style, severity);
      const { name, bytes } = await inspector.save('json');
      assert.equal(name, 'fulgurite-report.json');
      assert.ok(bytes.equals(native.reportBytesOf(live)), 'the report is the command\'s');
      // Everything in LND's own words.
      const told = await page.locator('.plans').innerText();
      for (const { decision } of native.reportOf(live).lnd.board) {
        if (decision.error) assert.ok(told.includes(decision.error), decision.error);
      }
      assert.equal(await page.locator('.file-tab').count(), 1);
    }));
  }
}

for (const origin of ORIGINS) {
  test(`channel.sqlite, its -wal and lnd.sqlite, ${origin}`, () => inspect({ origin }, async (inspector) => {
    const { page } = inspector;
    await inspector.open('drop', ...three);
    assert.match(await board(inspector), /^S2 Migrated/);
    const report = await inspector.save('json');
    assert.ok(report.bytes.equals(native.reportBytesOf(three)), 'the report is the command\'s');
    const texts = [];
    const look = async () => texts.push(await page.evaluate(() => document.documentElement.outerHTML));
    await look();
    for (const tab of ['invoices', 'buckets', 'pages', 'findings']) {
      await inspector.tab(tab);
      await idle(inspector);
      await look();
    }
    for (const form of ['html', 'markdown', 'json']) texts.push((await inspector.save(form)).bytes.toString());
    await inspector.tab('buckets');
    texts.push((await download(inspector, page.locator('#dump'))).bytes.toString());
    const planted = [...secrets('wal-s2-closed'), ...MACAROON];
    for (const text of texts) for (const secret of planted) assert.ok(!text.includes(secret), secret);
  }));
}

test('without its -wal the same copy is not taken for whole', () => inspect({}, async (inspector) => {
  await inspector.open('drop', ...alone('wal-s2-closed', 'channel.sqlite', 'lnd.sqlite'));
  const text = await inspector.text();
  assert.ok(text.includes('lnd.stale_copy') && text.includes('sqlite.stale_copy'));
  assert.match(text, /no write-ahead log was given/);
}));

test('without its logs the board says what may be missing', () => inspect({}, async (inspector) => {
  const paths = alone('wal-s2-sqlite', 'channel.sqlite', 'lnd.sqlite');
  await inspector.open('drop', ...paths);
  assert.doesNotMatch(await board(inspector), /^S2/);
  assert.ok((await inspector.save('json')).bytes.equals(native.reportBytesOf(paths)));
  const text = await inspector.text();
  assert.ok(text.includes('lnd.stale_copy') && text.includes('sqlite.stale_copy'));
  assert.match(text, /-wal/);
}));

test('a log that is missing of one database', () => inspect({}, async (inspector) => {
  const paths = alone('wal-s2-sqlite', 'channel.sqlite', 'channel.sqlite-wal', 'lnd.sqlite');
  await inspector.open('drop', ...paths);
  assert.ok((await inspector.save('json')).bytes.equals(native.reportBytesOf(paths)));
  const text = await inspector.text();
  assert.match(text, /Without its -wal this copy may be stale/);
  assert.match(text, /Read both sides together: .* each with its -wal/);
}));

test('a gossip_store among them goes its own way', () => inspect({}, async (inspector) => {
  const { page } = inspector;
  await inspector.open('drop', fixture('sample'), ...live);
  assert.equal((await inspector.verdict()).sentence, native.words(fixture('sample')).sentence);
  const tabs = page.locator('.file-tab .tab');
  assert.deepEqual(await tabs.allInnerTexts(), ['sample.gs', 'channel.sqlite + 3']);
  await tabs.nth(1).click();
  await inspector.done();
  assert.match(await board(inspector), /^S2/);
}));

test('every form of store', (t) => inspect({}, async (inspector) => {
  const CASES = [
    ['s1-bolt', 'S1', 'channel.db'], ['s6-bolt', 'S6', 'channel.db'], ['s3-sqlite', 'S3', 'channel.sqlite', 'lnd.sqlite'],
    ['s2-postgres', 'S2', 'dump.sql'], ['s8-sqlite', 'S8', 'channel.db', 'channel.sqlite'], ['zero-invoices-bolt', '', 'channel.db'],
    ['s2-postgres', '', 'dump.pgc'],
  ];
  for (const [name, state, ...files] of CASES) {
    await t.test(`${name} ${files}`, async () => {
      const paths = stores(name, ...files);
      await inspector.open('drop', ...paths);
      assert.ok((await inspector.save('json')).bytes.equals(native.reportBytesOf(paths)));
      if (state) assert.ok((await inspector.page.locator('#board').innerText()).includes(`${state} `));
      await inspector.close();
    });
  }
}));

test('what is secret is hidden until it is revealed, and never exported', () => inspect({}, async (inspector) => {
  const { page } = inspector;
  const planted = secrets('wal-s2-sqlite');
  assert.ok(planted.length >= 15);
  await inspector.open('drop', ...live);
  const texts = [];
  const look = async () => texts.push(await page.evaluate(() => document.documentElement.outerHTML));
  const exported = async () => {
    for (const form of ['html', 'markdown', 'json']) texts.push((await inspector.save(form)).bytes.toString());
    await inspector.tab('buckets');
    texts.push((await download(inspector, page.locator('#dump'))).bytes.toString());
  };
  await page.locator('.finding .place').first().click();
  await look();
  await inspector.tab('invoices');
  for (const side of ['sql', 'kv']) {
    await page.locator('.panel-of select').selectOption(side);
    await page.locator('#grid-invoices .row').nth(2).waitFor();
    await page.locator('#grid-invoices .coming').first().waitFor({ state: 'detached' });
    assert.equal(await inspector.count('invoices'), 3);
    await look();
  }
  await inspector.tab('buckets');
  await page.locator('.tree .key', { hasText: 'invoices' }).click();
  await page.locator('.tree .tree .key', { hasText: 'paymenthashes' }).click();
  await page.locator('.tree .tree .tree li').nth(2).waitFor();
  assert.match(await page.locator('.tree .tree .tree').innerText(), /hash#1/);
  await look();
  await inspector.tab('pages');
  await page.locator('#grid-pages .row').nth(1).click();
  await look();
  await exported();
  for (const text of texts) for (const secret of planted) assert.ok(!text.includes(secret), secret);

  await page.locator('#reveal').click();
  await inspector.tab('invoices');
  await page.locator('.panel-of select').selectOption('kv');
  await page.locator('#grid-invoices .row [title*=preimage]').nth(2).waitFor();
  const shown = await page.evaluate(() => document.documentElement.outerHTML);
  for (const secret of planted.filter((_, number) => number % 6 < 5)) assert.ok(shown.includes(secret), secret);
  texts.length = 0;
  await exported();
  for (const text of texts) for (const secret of planted) assert.ok(!text.includes(secret), secret);
}));

test('findings, rows and pages lead to their bytes', () => inspect({}, async (inspector) => {
  const { page } = inspector;
  const [path] = stores('zero-invoices-bolt', 'channel.db');
  const file = readFileSync(path);
  await inspector.open('drop', path);
  await page.locator('#reveal').click();
  const same = async () => {
    await page.locator('#bytes .dump .line').first().waitFor();
    for (const { at, hex } of await inspector.dump()) {
      assert.equal(hex, file.subarray(at, at + hex.length / 2).toString('hex'));
    }
  };
  const { findings } = native.report(path);
  const { start } = findings.find(({ severity, place }) => severity === 'damage' && place.span.start > 0).place.span;
  await page.locator('.place', { hasText: start.toLocaleString('en-US') }).first().click();
  await inspector.says('at', start);
  await same();
  await inspector.tab('buckets');
  await page.locator('.tree .place').first().waitFor();
  // An offset stands apart from what is before it: two figures would read as one.
  const distances = await page.locator('.tree .place').evaluateAll((places) => places.map((place) => {
    const before = document.createRange();
    before.setStart(place.parentElement, 0);
    before.setEndBefore(place);
    const rects = [...before.getClientRects()].filter(({ width }) => width > 0);
    return place.getBoundingClientRect().left - Math.max(...rects.map(({ right }) => right));
  }));
  assert.ok(distances.length > 0 && distances.every((distance) => distance > 3), distances.join(', '));
  await page.locator('.tree .place').first().click();
  await same();
  await inspector.tab('pages');
  await page.locator('#grid-pages').focus();
  await page.keyboard.press('End');
  await same();
  assert.match(await page.locator('#bytes .what').innerText(), /page \d/);
  await page.locator('.page-strip rect').first().click();
  await inspector.says('at', 0);
  await same();
}));

test('many invoices, by the keyboard', () => inspect({}, async (inspector) => {
  const { page } = inspector;
  const [path] = stores('many-bolt', 'channel.db');
  await inspector.open('drop', path);
  await inspector.tab('invoices');
  await page.locator('#grid-invoices').waitFor();
  const rows = native.invoices(path);
  assert.equal(await inspector.count('invoices'), rows.length);
  await page.locator('#grid-invoices').focus();
  await page.keyboard.press('End');
  const last = page.locator(`#invoices-${rows.length - 1}`);
  await last.locator('.coming').first().waitFor({ state: 'detached' });
  const { number, hash } = rows.at(-1);
  const cells = await last.locator('[role=gridcell]').allInnerTexts();
  assert.deepEqual([cells[0], cells[8]], [String(number), hash ?? '']);
}));

test('the dump is the command\'s, and opens again', () => inspect({}, async (inspector) => {
  const { page } = inspector;
  const paths = stores('s2-sqlite', 'channel.sqlite', 'lnd.sqlite');
  await inspector.open('drop', ...paths);
  await page.locator('button[popovertarget=exports]').first().click();
  const { name, path, bytes } = await download(inspector, page.locator('#exports button', { hasText: 'bucket dump' }));
  assert.equal(name, 'fulgurite-buckets.jsonl');
  assert.ok(bytes.equals(native.bucketDump(paths[0])));
  assert.match(await page.locator('.dump-bar').innerText(), /invoices/);
  await inspector.close();
  await inspector.open('drop', path);
  assert.ok((await inspector.save('json')).bytes.equals(native.reportBytesOf([path])));
}));

test('a saved report opens again', () => inspect({}, async (inspector) => {
  await inspector.open('drop', ...live);
  const { path } = await inspector.save('json');
  await inspector.close();
  await inspector.open('drop', path);
  assert.match(await board(inspector), /^S2/);
  assert.match(await inspector.text(), /A saved report/);
  assert.ok((await inspector.save('json')).bytes.equals(native.reportBytesOf(live)));
}));

test('reading can be cancelled, and begun again', () => inspect({}, async (inspector) => {
  const { page } = inspector;
  const path = join(scratch('lnd-large'), `${process.pid}.sql`);
  copyFileSync(stores('s1-postgres', 'dump.sql')[0], path);
  const lines = '-- nothing\n'.repeat(1 << 20);
  for (let times = 0; times < 24; times += 1) appendFileSync(path, lines);
  await inspector.drop(path);
  await page.locator('progress').waitFor();
  await page.waitForFunction(() => document.querySelector('progress')?.value > 0);
  await page.locator('.busy-page button').click();
  await page.locator('#given').waitFor();
  assert.match(await inspector.text(), /Cancelled/);
  await page.locator('.busy-page button').click();
  await page.locator('#sentence').waitFor({ timeout: 120_000 });
  assert.match(await board(inspector), /^S1/);
  rmSync(path);
}));

for (const [setting, options] of [['wide', {}], ['Chinese', { locale: 'zh-CN' }], ['narrow', { viewport: { width: 390, height: 844 } }]]) {
  test(`no barriers, ${setting}`, () => inspect({ ...options, reducedMotion: 'reduce', quiet: false }, async (inspector) => {
    const { page } = inspector;
    await inspector.open('drop', ...live);
    if (setting === 'Chinese') assert.match(await board(inspector), /^S2 已迁移/);
    for (const tab of ['findings', 'invoices', 'buckets', 'pages']) {
      await inspector.tab(tab);
      await idle(inspector);
      if (tab === 'pages') await page.locator('#grid-pages .row').first().click();
      if (tab === 'buckets') await page.locator('.tree .key', { hasText: 'invoices' }).click();
      if (tab === 'invoices') await page.locator('#grid-invoices .row').nth(2).waitFor();
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
        assert.deepEqual(found, [], `${tab}, ${colorScheme}`);
      }
    }
  }));
}
