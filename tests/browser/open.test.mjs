// Every named store, by drop and by choice, from disk and from a server: the page's verdict is the
// command's. And files that are no stores.

import assert from 'node:assert/strict';
import { basename } from 'node:path';
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

test('closing the last file leads back to the empty page', () => inspect({}, async (inspector) => {
  const { page } = inspector;
  await inspector.open('choose', fixture('healthy'));
  await page.locator('.file-tab .close').click();
  await page.locator('section.home').waitFor();
  // The same file can be chosen again.
  await inspector.open('choose', fixture('healthy'));
  assert.equal((await inspector.verdict()).style, 'fine');
}));
