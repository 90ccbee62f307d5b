// Signatures, as someone verifies them: pressed, watched, cancelled. What is exported afterwards is
// byte for byte what the command writes with `--verify-signatures`.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as native from './support/native.mjs';
import { inspect } from './support/inspect.mjs';
import { ORIGINS } from './support/origins.mjs';
import { file, fixture } from './support/stores.mjs';

const VERIFIED = 'p#signatures';

/** A store with so many signatures that there is time to do something else meanwhile. */
function large() {
  const bytes = readFileSync(fixture('well_signed'));
  const records = Array.from({ length: 80 }, () => bytes.subarray(1));
  return file('large_signed.gs', Buffer.concat([bytes.subarray(0, 1), ...records]));
}

/** Presses the button, and waits for the report anew. */
async function verify(inspector) {
  const { page } = inspector;
  await page.locator('#verify').click();
  await page.locator(VERIFIED).waitFor();
  await inspector.done();
}

/** What the page exports is what the command says. */
async function agrees(inspector, path) {
  const { bytes } = await inspector.save('json');
  const expected = native.verifiedBytes(path);
  assert.ok(bytes.equals(expected), `${bytes.length} bytes against ${expected.length}`);
}

for (const origin of ORIGINS) {
  test(`verified, exported, ${origin}`, () => inspect({ origin }, async (inspector) => {
    const { page } = inspector;
    const path = fixture('badly_signed');
    await inspector.open('drop', path);
    const before = await inspector.verdict();
    const places = await page.locator('#tab-findings .count').innerText();
    await verify(inspector);
    await agrees(inspector, path);
    const report = JSON.parse(native.verifiedBytes(path));
    // The verdict, the findings and the figures are those of the new report.
    const after = await inspector.verdict();
    assert.deepEqual([before.style, after.style], ['damage', 'damage']);
    const { counts, gossip: { signatures } } = report;
    const all = counts.reduce((sum, { count }) => sum + count, 0);
    assert.equal(await page.locator('#tab-findings .count').innerText(), String(all));
    assert.notEqual(places, String(all));
    for (const code of ['gossip.bad_signature', 'gossip.zero_signatures']) {
      assert.equal(await page.locator('.finding code', { hasText: code }).count(), 1, code);
    }
    const sentence = `${signatures.valid} of ${signatures.records} live messages hold`;
    for (const place of [VERIFIED, '.composition .figures']) {
      const text = (await page.locator(place).innerText()).replaceAll(',', '');
      assert.ok(text.includes(sentence), text);
      assert.match(text, /2 do not hold; 1 are all zero; 1 cannot be verified/);
    }
    assert.equal(after.sentence, native.words(path, 'en', '--verify-signatures').sentence);
    // A broken signature leads to its record.
    const bad = report.findings.find(({ code }) => code === 'gossip.bad_signature');
    const finding = page.locator('.finding', { hasText: 'gossip.bad_signature' });
    await finding.locator('.place').first().click();
    await inspector.bytes(bad.place.span.start);
    await inspector.language('zh-CN');
    assert.match(await page.locator(VERIFIED).innerText(), /签名.*不成立/);
    await inspector.language('en');
    // The saved report says so as well, and offers nothing that it cannot do.
    await inspector.close();
    await inspector.open('drop', file('verified.json', native.verifiedBytes(path)));
    await page.locator(VERIFIED).waitFor();
    await inspector.close();
    await inspector.open('drop', file('unverified.json', native.reportBytes(path)));
    await page.locator('.findings').waitFor();
    assert.equal(await page.locator('#verify').count(), 0);
  }));
}

test('where all hold, and where none is real', () => inspect({}, async (inspector) => {
  for (const [name, headline] of [['well_signed', 'fine'], ['healthy', 'damage']]) {
    const path = fixture(name);
    await inspector.open('choose', path);
    assert.equal((await inspector.verdict()).style, 'fine');
    await verify(inspector);
    await agrees(inspector, path);
    assert.equal((await inspector.verdict()).style, headline, name);
    await inspector.close();
  }
}));

test('cancelled, by keyboard, and done all the same later', () => inspect({}, async (inspector) => {
  const { page } = inspector;
  const path = large();
  await inspector.open('drop', path);
  const before = (await inspector.save('json')).bytes;
  await page.locator('#verify').focus();
  await page.keyboard.press('Enter');
  await page.locator('#verifying').waitFor();
  assert.equal(await page.locator('#verify').getAttribute('aria-disabled'), 'true');
  await page.locator('#verifying button').focus();
  await page.keyboard.press('Enter');
  await page.locator('#verifying').waitFor({ state: 'detached' });
  // What had the focus is gone: it is back where it came from.
  await page.locator('#verify:focus').waitFor();
  assert.match(await page.locator('#signatures').innerText(), /Cancelled/);
  assert.equal(await page.locator(VERIFIED).count(), 0);
  assert.ok((await inspector.save('json')).bytes.equals(before));
  // Tables go on meanwhile.
  await page.locator('#verify').click();
  await inspector.tab('records');
  await page.locator('#grid-records [role=row]').nth(3).waitFor();
  await inspector.tab('findings');
  await page.locator(VERIFIED).waitFor({ timeout: 120_000 });
  await inspector.done();
  await agrees(inspector, path);
}));

test('closed meanwhile', () => inspect({}, async (inspector) => {
  const { page } = inspector;
  await inspector.open('drop', large());
  await page.locator('#verify').click();
  await page.locator('#verifying').waitFor();
  await inspector.close();
  await inspector.open('drop', fixture('well_signed'));
  await verify(inspector);
  await agrees(inspector, fixture('well_signed'));
}));

test('as many workers as there are processors to spare, and none afterwards', async () => {
  for (const [processors, lent] of [[1, 1], [3, 2], [64, 8]]) {
    await inspect({}, async (inspector) => {
      const { page } = inspector;
      await inspector.open('drop', large());
      const before = page.workers().length;
      await page.evaluate((value) => {
        Object.defineProperty(navigator, 'hardwareConcurrency', { value });
      }, processors);
      let started = 0;
      let ended = 0;
      page.on('worker', (worker) => {
        started += 1;
        worker.on('close', () => (ended += 1));
      });
      await page.locator('#verify').click();
      await page.locator('#verifying button').click();
      await page.locator('#verifying').waitFor({ state: 'detached' });
      assert.equal(started, lent, `${processors} processors`);
      while (ended < started) await page.waitForTimeout(20);
      assert.equal(page.workers().length, before);
    });
  }
});
