// axe-core on every view, in both themes and both languages, wide and narrow.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { load } from './support/built.mjs';
import { inspect } from './support/inspect.mjs';
import { downloadRepaired, plan } from './support/repair.mjs';
import { file, fixture, jpeg } from './support/stores.mjs';
import * as native from './support/native.mjs';

const axe = readFileSync(load.resolve('axe-core/axe.min.js'), 'utf8');
const sample = fixture('sample');

const opened = (inspector) => inspector.open('drop', sample);

/** Each view: how to get there. */
const VIEWS = {
  empty: () => {},
  findings: opened,
  'findings, one chosen': async (inspector) => {
    await opened(inspector);
    await inspector.page.locator('.finding .place').first().click();
    await inspector.page.locator('#bytes .piece').waitFor();
  },
  records: async (inspector) => {
    await opened(inspector);
    await inspector.tab('records');
    await inspector.page.locator('#grid-records .row').nth(3).click();
    await inspector.page.locator('#bytes .fields').waitFor();
  },
  'records, searched': async (inspector) => {
    await opened(inspector);
    await inspector.tab('records');
    await inspector.search('02');
  },
  channels: async (inspector) => {
    await opened(inspector);
    await inspector.tab('channels');
    await inspector.page.locator('#grid-channels .row').nth(3).click();
    await inspector.page.locator('#bytes .fields').waitFor();
  },
  nodes: async (inspector) => {
    await opened(inspector);
    await inspector.tab('nodes');
    await inspector.page.locator('#grid-nodes .row').nth(3).click();
    await inspector.page.locator('#bytes .fields').waitFor();
  },
  'what releases do': async (inspector) => {
    await opened(inspector);
    await inspector.tab('lightningd');
    await inspector.page.locator('.releases').waitFor();
  },
  'a repair, planned': async (inspector) => {
    await opened(inspector);
    await inspector.tab('repair');
    await plan(inspector);
  },
  'a repair, saved': async (inspector) => {
    await opened(inspector);
    await inspector.tab('repair');
    await plan(inspector);
    await downloadRepaired(inspector);
  },
  'the map in words, all steps': async (inspector) => {
    await opened(inspector);
    await inspector.page.locator('.in-words summary').click();
  },
  'a healthy store': (inspector) => inspector.open('drop', fixture('healthy')),
  composition: async (inspector) => {
    await opened(inspector);
    await inspector.page.locator('.composition').scrollIntoViewIfNeeded();
  },
  'side by side': async (inspector) => {
    await inspector.open('drop', fixture('healthy'), sample);
    await inspector.page.locator('nav.files > .tab').click();
    await inspector.page.locator('.compare .sides').waitFor();
  },
  keys: async (inspector) => {
    await opened(inspector);
    await inspector.page.keyboard.press('?');
    await inspector.page.locator('#keys').waitFor();
  },
  export: async (inspector) => {
    await opened(inspector);
    await inspector.page.locator('button[popovertarget=exports]').first().click();
    await inspector.page.locator('#exports').waitFor();
  },
  'a saved report': (inspector) => inspector.open('drop', file('report.json', native.reportBytes(sample))),
  'no store': (inspector) => inspector.open('drop', jpeg()),
  'no report': (inspector) => inspector.open('drop', file('other.json', '{}')),
};

async function violations(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => {
    return `${id}: ${target.join(' ')}: ${failureSummary.replaceAll(/\s+/g, ' ')}`;
  }));
}

const SETTINGS = [
  ['wide', ['light', 'dark'], {}],
  ['narrow', ['light'], { viewport: { width: 360, height: 800 } }],
  ['Chinese', ['dark'], { locale: 'zh-CN' }],
];

for (const [setting, themes, options] of SETTINGS) {
  // What axe itself does to the page is not the page's doing.
  test(setting, (t) => inspect({ ...options, reducedMotion: 'reduce', quiet: false }, async (inspector) => {
    const { page } = inspector;
    for (const [name, go] of Object.entries(VIEWS)) {
      await t.test(name, async () => {
        await go(inspector);
        for (const colorScheme of themes) {
          await page.emulateMedia({ colorScheme });
          assert.deepEqual(await violations(page), [], colorScheme);
        }
        await page.keyboard.press('Escape');
        await inspector.close();
      });
    }
  }));
}

test('a report as a page', () => inspect({ quiet: false }, async (inspector) => {
  await opened(inspector);
  const { bytes } = await inspector.save('html');
  const page = await inspector.context.newPage();
  await page.setContent(bytes.toString());
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await violations(page), [], colorScheme);
  }
}));
