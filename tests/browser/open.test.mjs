// Every named store, by drop and by choice, from disk and from a server: the page's verdict is the
// command's. And files that are no stores.

import assert from 'node:assert/strict';
import { basename, dirname } from 'node:path';
import { describe, test } from 'node:test';
import * as native from './support/native.mjs';
import { WAYS, inspect } from './support/inspect.mjs';
import { ORIGINS } from './support/origins.mjs';
import { empty, fixture, fixtures, jpeg } from './support/stores.mjs';

const files = [...fixtures(), ['a JPEG', jpeg()], ['an empty file', empty()]];

for (const origin of ORIGINS) {
  for (const way of WAYS) {
    describe(`${origin}, ${way}`, () => {
      // One page for all of them, each closed before the next comes.
      test('one after the other', (t) => inspect({ origin }, async (inspector) => {
        const { page, guard } = inspector;
        for (const [name, path] of files) {
          await t.test(name, async () => {
            await inspector.open(way, path);
            const report = native.report(path);
            const { severity } = report.verdict;
            const style = severity === 'info' ? 'fine' : severity;
            assert.deepEqual(await inspector.verdict(), { ...native.words(path), style });
            assert.equal(await page.locator('#map').count(), report.gossip ? 1 : 0);
            await inspector.close();
            await guard.check();
          });
        }
      }));

      test('two at once, and side by side', () => inspect({ origin }, async (inspector) => {
        const { page } = inspector;
        const paths = [fixture('healthy'), fixture('torn_tail')];
        await inspector.open(way, ...paths);
        assert.equal((await inspector.verdict()).sentence, native.words(paths[0]).sentence);
        const tabs = page.locator('.file-tab .tab');
        assert.deepEqual(await tabs.allInnerTexts(), paths.map((path) => basename(path)));
        await tabs.nth(1).click();
        await inspector.done();
        assert.equal((await inspector.verdict()).sentence, native.words(paths[1]).sentence);

        await page.locator('nav.files > .tab').click();
        await page.locator('.compare .sides').waitFor();
        const text = await inspector.text();
        // The last record, an update, is torn off; the channels are the same.
        const { network } = native.report(paths[1]).gossip;
        assert.match(text, new RegExp(`channels in both: ${network.channels}\\b`, 'i'));
        assert.ok(await page.locator('.compare tr.differs').count() > 0);
      }));
    });
  }
}

test('the built-in sample', () => inspect({}, async (inspector) => {
  await inspector.page.locator('.ways button').first().click();
  await inspector.done();
  const { sentence } = native.words(fixture('sample'));
  assert.equal((await inspector.verdict()).sentence, sentence);
}));

// An address outlives the file that it was made for.
for (const [name, hash] of [['torn_tail', '#code=gossip.zero_run'], ['sample', '#code=bbolt.meta_damaged']]) {
  test(`filters that the file knows nothing of: ${name}`, () => inspect({ hash }, async (inspector) => {
    const { page } = inspector;
    await inspector.open('drop', fixture(name));
    await page.locator('.finding').first().waitFor();
    assert.equal(await page.locator('.findings .nothing').count(), 0);
  }));
}

test('of many files the one that is shown has its tab in sight', () => inspect({ viewport: { width: 360, height: 800 } }, async (inspector) => {
  const { page } = inspector;
  await inspector.open('drop', ...['healthy', 'torn_tail', 'second_store', 'sample'].map(fixture));
  const tabs = page.locator('.file-tab .tab');
  await page.locator('.file-tab .busy').first().waitFor({ state: 'detached' });
  for (const place of [3, 0]) {
    // By the keyboard: a click would bring it into sight itself.
    await tabs.nth(place).evaluate((tab) => tab.click());
    const box = await page.waitForFunction(() => {
      const { left, right } = document.querySelector('.tab[aria-current]').getBoundingClientRect();
      return left >= -1 && right <= 361 && { left, right };
    });
    assert.ok(await box.jsonValue());
  }
}));

test('a folder is not read, and what to do instead is said', () => inspect({}, async (inspector) => {
  const { page } = inspector;
  await inspector.drop(dirname(fixture('sample')));
  await page.locator('#given').waitFor();
  assert.match(await page.locator('#verdict [role=alert]').innerText(), /If it is a folder, open it/);
}));

test('closing the last file leads back to the empty page', () => inspect({}, async (inspector) => {
  const { page } = inspector;
  await inspector.open('choose', fixture('healthy'));
  await page.locator('.file-tab .close').click();
  await page.locator('section.home').waitFor();
  // The same file can be chosen again.
  await inspector.open('choose', fixture('healthy'));
  assert.equal((await inspector.verdict()).style, 'fine');
}));
