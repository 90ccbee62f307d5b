// LND's two sides compared and its migration rehearsed, on the page: what is said, what is listed,
// what is downloaded, and what stays hidden.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { folder, load, scratch } from './support/built.mjs';
import { inspect } from './support/inspect.mjs';
import { secrets, stores } from './support/lnd.mjs';
import * as native from './support/native.mjs';

const axe = readFileSync(load.resolve('axe-core/axe.min.js'), 'utf8');

const pair = stores('s2-sqlite', 'channel.sqlite', 'lnd.sqlite');

const MEMO = 'mpp: settled by three';

/** The same pair with a letter of one memo changed in native SQL, as nothing of LND's does. */
function edited() {
  const own = scratch(`lnd-edited-${process.pid}`);
  mkdirSync(own, { recursive: true });
  return pair.map((path) => {
    const bytes = readFileSync(path);
    if (basename(path) === 'lnd.sqlite') {
      const at = bytes.indexOf(MEMO);
      assert.ok(at > 0);
      bytes[at] = 'M'.charCodeAt(0);
    }
    const copy = join(own, basename(path));
    writeFileSync(copy, bytes);
    return copy;
  });
}

/** A key-value store that offends a rule of the migration. */
const rule = (name) => join(folder, 'fixtures', 'lnd', 'v0.19', name, 'channel.sqlite');

/** Turns to a view and waits until its document is there. */
async function show(inspector, tab) {
  await inspector.tab(tab);
  await inspector.page.locator('.told .sum, .told .nothing:not([aria-busy])').first().waitFor();
}

const html = ({ page }) => page.evaluate(() => document.documentElement.outerHTML);

async function download(inspector) {
  const { page } = inspector;
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.save-json').click()]);
  return inspector.downloaded(download);
}

const cells = (inspector, row) => inspector.page.locator(`#${row} [role=gridcell]`).allInnerTexts();

test('a migrated pair: nothing differs', () => inspect({}, async (inspector) => {
  const { page } = inspector;
  await inspector.open('drop', ...pair);
  await show(inspector, 'differences');
  assert.match(await page.locator('.told .sum').innerText(), /^Nothing was lost: 24 invoices/);
  assert.match(await page.locator('.told').innerText(), /There is no difference to list/);
  assert.equal(await page.locator('#grid-differences').count(), 0);
  const { name, bytes } = await download(inspector);
  assert.equal(name, 'fulgurite-comparison.json');
  assert.ok(bytes.equals(native.compared(pair)), 'the document is the command\'s');
  await inspector.says('view', 'differences');
  // Memos of a word stand in any page, and an address of zeros is none.
  const planted = secrets('s2-sqlite').filter((text) => text.length >= 32 && /[1-9a-f]/.test(text));
  assert.ok(planted.length > 60);
  for (const text of [await html(inspector), bytes.toString()]) {
    for (const secret of planted) assert.ok(!text.includes(secret), secret);
  }
}));

test('one field was edited: that difference, its values hidden', () => inspect({}, async (inspector) => {
  const { page } = inspector;
  const paths = edited();
  await inspector.open('drop', ...paths);
  await show(inspector, 'differences');
  assert.match(await page.locator('.told .sum').innerText(), /0 invoices are missing, 0 were left behind, 1 differ, .*23 fit/);
  assert.equal(await inspector.count('differences'), 1);
  const row = await cells(inspector, 'differences-0');
  assert.match(row[0], /^hash#\d+$/);
  assert.deepEqual(row.slice(2, 4), ['not what it was', 'the memo']);
  assert.deepEqual(row.slice(4, 6), [`(${MEMO.length})`, `(${MEMO.length})`]);
  assert.match(row[6], /no money/);
  // Chosen by the keyboard, it is told in full.
  await page.locator('#grid-differences').focus();
  await page.keyboard.press('ArrowDown');
  await page.locator('.said b', { hasText: 'An invoice is not what it was: the memo' }).waitFor();
  await inspector.says('at', JSON.parse(native.compared(paths)).findings.find(({ code }) => code === 'lnd.invoice_differs').place.span.start);
  // Filters, and the address that says them.
  const [meaning, field, cost] = [0, 1, 2].map((number) => page.locator('.told select').nth(number));
  await cost.selectOption('money');
  await inspector.says('cost', 'money');
  assert.equal(await inspector.count('differences'), 0);
  await page.getByText('Nothing passes these filters.').waitFor();
  await cost.selectOption('books');
  await meaning.selectOption('lnd.invoice_differs');
  await field.selectOption('memo');
  assert.equal(await inspector.count('differences'), 1);
  await inspector.says('meaning', 'lnd.invoice_differs');
  await inspector.says('field', 'memo');
  assert.ok(!(await html(inspector)).includes('settled by three'));
  // Another language, the same row.
  await inspector.language('zh-CN');
  await page.locator('.told .sum', { hasText: '两边对不上' }).waitFor();
  assert.deepEqual((await cells(inspector, 'differences-0')).slice(2, 4), ['与原来不同', '备注']);
  await inspector.language('en');
  // Revealed, both values are there; what is downloaded is redacted all the same.
  await page.locator('#reveal').click();
  await page.locator('#differences-0 [title*="settled by three"]').first().waitFor();
  assert.deepEqual((await cells(inspector, 'differences-0')).slice(4, 6), [`“${MEMO}”`, `“M${MEMO.slice(1)}”`]);
  const { bytes } = await download(inspector);
  assert.ok(bytes.equals(native.compared(paths)));
  assert.ok(!bytes.includes('settled by three'));
}));

test('an address leads to the view and its filters', () => inspect({ hash: '#view=differences&cost=money&meaning=nonsense' }, async (inspector) => {
  const { page } = inspector;
  await inspector.open('drop', ...edited());
  await page.locator('.told .sum').waitFor();
  assert.equal(await page.locator('.told select').nth(2).inputValue(), 'money');
  assert.equal(await inspector.count('differences'), 0);
  // What nobody knows filters nothing.
  await page.locator('.told select').nth(2).selectOption('');
  assert.equal(await inspector.count('differences'), 1);
}));

test('a list by lncli stands for a side', () => inspect({}, async (inspector) => {
  const { page } = inspector;
  const list = join(folder, 'fixtures', 'lnd', 'lists', 'v0.21-s2-kv.json');
  const [path] = stores('s2-sqlite', 'lnd.sqlite');
  await inspector.open('drop', path);
  await show(inspector, 'differences');
  assert.match(await page.locator('.told').innerText(), /has but one side/);
  // Given later.
  await inspector.drop(list);
  await page.locator('.told .sum').waitFor();
  assert.match(await page.locator('.told').innerText(), /with the list v0\.21-s2-kv\.json/);
  assert.ok((await download(inspector)).bytes.equals(native.compared([path, list])));
  assert.equal(await page.locator('.file-tab').count(), 1);
  await inspector.close();
  // Given with it.
  await inspector.open('drop', list, path);
  assert.equal(await page.locator('.file-tab').count(), 1);
  await show(inspector, 'differences');
  assert.match(await page.locator('.told').innerText(), /with the list/);
  assert.ok((await inspector.save('json')).bytes.equals(native.reportBytesOf([path])), 'the report is that of the store');
}));

test('a store that the migration stumbles over', () => inspect({}, async (inspector) => {
  const { page } = inspector;
  const path = rule('p7-addr-sqlite');
  await inspector.open('drop', path);
  await show(inspector, 'rehearsal');
  const { rehearsal: { foreseen } } = JSON.parse(native.rehearsed([path]));
  const sentence = await page.locator('.told .sum').innerText();
  assert.match(sentence, /The migration by v0\.21\.3 would fail at the invoice with add index 3/);
  assert.ok(sentence.includes(foreseen.error), foreseen.error);
  assert.equal(await inspector.count('offenders'), 1);
  const row = await cells(inspector, 'offenders-0');
  assert.deepEqual(row.slice(0, 2), ['#2', '3']);
  assert.match(row[2], /\(P7\)$/);
  assert.equal(row[4], foreseen.error);
  await page.locator('#offenders-0').click();
  await page.locator('.said b', { hasText: 'LND\'s migration fails at this' }).waitFor();
  let { name, bytes } = await download(inspector);
  assert.equal(name, 'fulgurite-rehearsal.json');
  assert.ok(bytes.equals(native.rehearsed([path], '--release', 'v0.21.3')));
  // Another release, another engine; the address says so.
  const [release, engine] = [0, 1].map((number) => page.locator('.told select').nth(number));
  await release.selectOption('v0.19.3');
  await engine.selectOption('postgres');
  await page.locator('.told .sum', { hasText: 'v0.19.3' }).waitFor();
  await inspector.says('release', 'v0.19.3');
  await inspector.says('engine', 'postgres');
  await page.locator('.told .sum', { hasText: 'invoices_payment_addr_key' }).waitFor();
  ({ bytes } = await download(inspector));
  assert.ok(bytes.equals(native.rehearsed([path], '--release', 'v0.19.3', '--backend', 'postgres')));
  await inspector.language('zh-CN');
  await page.locator('.told .sum', { hasText: '由 v0.19.3 迁移会失败' }).waitFor();
}));

test('stores that it changes, kills LND with, or brings over', (t) => inspect({}, async (inspector) => {
  const { page } = inspector;
  const CASES = [
    [rule('p10-sqlite'), /would succeed, and lose or change 1 invoice/, 1],
    [rule('p4-sqlite'), /would fail at the invoice with add index 2.*panic: runtime error/, 1],
    [stores('s1-sqlite', 'channel.sqlite')[0], /would succeed: all 24 invoices/, 0],
    [stores('s1-bolt', 'channel.db')[0], /would succeed/, 0],
  ];
  for (const [path, sentence, offenders] of CASES) {
    await t.test(path.split('/').slice(-2).join('/'), async () => {
      await inspector.open('drop', path);
      await show(inspector, 'rehearsal');
      assert.match(await page.locator('.told .sum').innerText(), sentence);
      assert.match(await page.locator('.told').innerText(), /Expect \d+ seconds? at least/);
      if (offenders) assert.equal(await inspector.count('offenders'), offenders);
      else assert.match(await page.locator('.told').innerText(), /No invoice stands in the way/);
      await show(inspector, 'differences');
      assert.match(await page.locator('.told').innerText(), /has but one side/);
      await inspector.close();
    });
  }
}));

for (const [setting, options] of [['wide', {}], ['Chinese', { locale: 'zh-CN' }], ['narrow', { viewport: { width: 360, height: 740 } }]]) {
  test(`no barriers, ${setting}`, () => inspect({ ...options, reducedMotion: 'reduce', quiet: false }, async (inspector) => {
    const { page } = inspector;
    for (const [tab, paths, grid] of [['differences', edited(), 'differences'], ['rehearsal', [rule('p7-addr-sqlite')], 'offenders'], ['differences', pair, '']]) {
      await inspector.open('drop', ...paths);
      await show(inspector, tab);
      if (grid) await page.locator(`#${grid}-0`).click();
      if (setting === 'narrow') {
        // Nothing but the tables themselves is wider than the screen.
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${tab}: ${wide} pixels too wide`);
        if (grid) assert.ok((await page.locator(`#grid-${grid}`).boundingBox()).height > 100);
      }
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
        assert.deepEqual(found, [], `${tab}, ${colorScheme}`);
      }
      if (process.env.FULGURITE_PICTURES) await page.screenshot({ path: join(process.env.FULGURITE_PICTURES, `${setting}-${tab}-${grid}.png`), fullPage: true });
      await inspector.close();
    }
  }));
}
