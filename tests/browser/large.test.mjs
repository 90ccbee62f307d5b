// A store of 200 MB: its verdict, its tables, a search through it, and giving up.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { describe, test } from 'node:test';
import { WAYS, inspect } from './support/inspect.mjs';
import { CHANNELS, LARGE, large } from './support/large.mjs';

const path = large();

describe('200 MB', () => {
  for (const origin of ['file', 'http']) {
    for (const way of WAYS) {
      test(`${origin}, ${way}`, () => inspect({ origin }, async (inspector) => {
        await inspector.open(way, path);
        const { style, sentence } = await inspector.verdict();
        assert.equal(style, 'damage');
        assert.match(sentence, /zero/i);
        const { bytes } = await inspector.save('json');
        const report = JSON.parse(bytes);
        assert.equal(report.input.size, statSync(path).size);
        assert.ok(report.input.size >= LARGE);
        assert.equal(report.verdict.headline, 'zero_run');
        assert.deepEqual(report.counts.filter(({ code }) => code === 'gossip.zero_run'), [{ code: 'gossip.zero_run', count: 1 }]);
        assert.ok(report.gossip.network.channels >= CHANNELS, report.gossip.network.channels);
      }));
    }
  }

  test('a table of over a million rows, to its end and back', () => inspect({}, async (inspector) => {
    const { page } = inspector;
    await inspector.open('drop', path);
    await page.keyboard.press('2');
    const grid = page.locator('#grid-records');
    await grid.waitFor();
    const rows = await inspector.count('records');
    assert.ok(rows > 900_000, `${rows} rows`);
    assert.ok(await page.locator('#grid-records .row').count() < 200);
    await grid.focus();
    await page.keyboard.press('End');
    await page.locator(`#records-${rows - 1}[aria-selected=true]`).waitFor();
    await page.locator('#bytes .piece').waitFor();
    await page.keyboard.press('PageUp');
    await page.keyboard.press('Home');
    await page.locator('#records-0[aria-selected=true]').waitFor();
  }));

  test('a search that finds the last channel, and one that is cancelled', () => inspect({}, async (inspector) => {
    const { page } = inspector;
    await inspector.open('drop', path);
    await inspector.tab('channels');
    const grid = page.locator('#grid-channels');
    await grid.focus();
    await page.keyboard.press('End');
    const last = page.locator('#grid-channels .row').last();
    await page.waitForFunction(() => /\dx\d+x\d/.test([...document.querySelectorAll('#grid-channels .row')].at(-1)?.textContent ?? ''));
    const scid = (await last.locator('[role=gridcell]').first().innerText()).trim();
    await inspector.search(scid);
    assert.match(await page.locator('.listing .status').innerText(), /^1 /);

    // While a search runs, it can be ended.
    await page.locator('#search').fill('no alias says this');
    const cancel = page.locator('.listing .bar button');
    await cancel.click();
    await page.waitForFunction(() => !/^Searching/.test(document.querySelector('.listing .status').textContent));
  }));
});

describe('giving up', () => {
  for (const origin of ['file', 'http']) {
    test(origin, () => inspect({ origin }, async (inspector) => {
      const { page } = inspector;
      // Without a click in between: on a quick machine it would be too late.
      await page.evaluate(() => {
        const cancel = () => {
          const button = document.querySelector('.busy-page[aria-busy] button');
          const progress = document.querySelector('.busy-page progress');
          if (button && progress?.value > 0) {
            window.cancelledAt = progress.value / progress.max;
            button.click();
          } else {
            requestAnimationFrame(cancel);
          }
        };
        cancel();
      });
      await inspector.open('drop', path);
      await page.locator('#given').waitFor();
      const share = await page.evaluate(() => window.cancelledAt);
      assert.ok(share > 0 && share < 1, `cancelled at ${share}`);
      // And it can be read again.
      await page.locator('.busy-page button').click();
      await page.locator('#sentence').waitFor();
      assert.equal((await inspector.verdict()).style, 'damage');
    }));
  }

  test('progress is told in bytes, and to screen readers', () => inspect({}, async (inspector) => {
    const { page } = inspector;
    await page.evaluate(() => {
      window.told = new Set();
      new MutationObserver(() => {
        const figure = document.querySelector('.busy-page .figure')?.textContent;
        const live = document.querySelector('[role=status][aria-live]')?.textContent;
        if (figure) window.told.add(`figure ${figure}`);
        if (live) window.told.add(`live ${live}`);
      }).observe(document.body, { childList: true, subtree: true, characterData: true });
    });
    await inspector.open('drop', path);
    const told = await page.evaluate(() => [...window.told]);
    assert.ok(told.some((text) => /^figure \d.* of \d/.test(text)), told.join('\n'));
    assert.ok(told.some((text) => /^live .*: /.test(text)), told.join('\n'));
  }));
});
