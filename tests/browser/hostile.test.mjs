// Text that wants to be more than text, in aliases, host names, file names and saved reports,
// through every view and every export.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describe, test } from 'node:test';
import { running } from './support/chromium.mjs';
import { watch } from './support/guard.mjs';
import * as native from './support/native.mjs';
import { inspect } from './support/inspect.mjs';
import { file, fixture } from './support/stores.mjs';

const path = fixture('malicious_aliases');
const nodes = native.rows('nodes', path);

/** Characters that act or hide: controls but line ends and tabs, bidi, zero width, fillers. */
const HIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/u;

const HOSTILE = [
  '<script>window.ran = 1</script>', '<img src=x onerror="window.ran = 1">',
  '" onmouseover="window.ran = 1" autofocus onfocus="window.ran = 1', '</style><svg onload=alert(1)>',
  '\u202egnp.exe\u2066\u200b', '\u001b[31mred', '[a](javascript:alert(1)) ![b](http://127.0.0.1/x)',
];

/** Nothing of all text in the page, in attributes neither, acts or hides; and nothing ran. */
async function harmless({ page, guard }) {
  const found = await page.evaluate(() => ({
    text: document.body.innerText,
    // Titles and labels are read out as well.
    attributes: [...document.body.querySelectorAll('*')]
      .flatMap((element) => [...element.attributes]).map(({ value }) => value).join('\n'),
    ran: window.ran,
    links: document.querySelectorAll('main a, main [src], main script, main img, main b b').length,
  }));
  assert.equal(found.ran, undefined, 'a script ran');
  assert.equal(found.links, 0);
  for (const part of ['text', 'attributes']) {
    const [bad] = found[part].match(HIDDEN) ?? [];
    const at = bad && found[part].indexOf(bad);
    assert.equal(bad, undefined, bad && `U+${bad.codePointAt(0).toString(16)} in ${JSON.stringify(found[part].slice(Math.max(0, at - 40), at + 20))}`);
  }
  await guard.check();
  return found.text;
}

describe('aliases', () => {
  for (const tag of ['en', 'zh-CN']) {
    test(`in every view, ${tag}`, () => inspect({ viewport: { width: 1600, height: 2000 } }, async (inspector) => {
      const { page } = inspector;
      await inspector.open('drop', path);
      await inspector.language(tag);
      await harmless(inspector);
      await inspector.tab('nodes');
      await page.locator('#grid-nodes .row .alias').nth(5).waitFor();
      const table = await page.locator('#grid-nodes').innerText();
      // What is long may be cut in a cell, but the text of the document is whole.
      for (const { alias } of nodes.slice(0, 20)) {
        if (alias) assert.ok(table.includes(alias.trim()), `${JSON.stringify(alias)} in the table of nodes`);
      }
      // Every announcement, in its bytes and fields and in its row.
      await inspector.tab('records');
      for (const { alias, announcement } of nodes) {
        if (!announcement) continue;
        await page.evaluate((at) => { location.hash = `view=records&at=${at}`; }, announcement);
        await page.waitForFunction((at) => document.querySelector('#bytes .dump .at')?.textContent.replaceAll(',', '') === at, String(announcement));
        await page.locator('#bytes .fields').waitFor();
        const text = await harmless(inspector);
        assert.ok(text.includes(alias.trim()), `${JSON.stringify(alias)} in the fields`);
      }
    }));
  }

  test('as what is searched for', () => inspect({}, async (inspector) => {
    const { page } = inspector;
    await inspector.open('drop', path);
    // Both tables search by the same code; the nodes' also in what the table itself shows.
    for (const [tab, rows] of [['records', nodes], ['nodes', nodes.slice(0, 6)]]) {
      await inspector.tab(tab);
      for (const { alias } of rows) {
        if (!alias) continue;
        await inspector.search(alias);
        assert.match(await page.locator('.listing .status').innerText(), /^[1-9]/, alias);
        await page.locator(`#grid-${tab} .row`).first().click();
      }
      await inspector.search('');
    }
    await harmless(inspector);
  }));

  test('in a search that an address brings', async () => {
    for (const text of HOSTILE) {
      const hash = `#sample&view=records&find=${encodeURIComponent(text)}`;
      await inspect({ hash, quiet: false }, async ({ page, guard, ...inspector }) => {
        await page.locator('#sentence').waitFor();
        await page.locator('#search').waitFor();
        assert.equal(await page.locator('#search').inputValue(), text);
        assert.equal(await page.evaluate(() => window.ran), undefined);
        await guard.check();
        void inspector;
      });
    }
  });

  test('side by side', () => inspect({}, async (inspector) => {
    const { page } = inspector;
    await inspector.open('drop', path, fixture('healthy'));
    await page.locator('nav.files > .tab').click();
    await page.locator('.compare .sides').waitFor();
    await harmless(inspector);
  }));

  for (const tag of ['en', 'zh-CN']) {
    test(`in every export, ${tag}`, () => inspect({}, async (inspector) => {
      await inspector.open('drop', path);
      await inspector.language(tag);
      for (const form of ['html', 'markdown', 'json']) {
        const { bytes, path: saved } = await inspector.save(form);
        assert.doesNotMatch(bytes.toString().replaceAll(/[\n\t]/g, ''), HIDDEN, form);
        if (form === 'html') await page(saved);
        if (form === 'markdown') assert.doesNotMatch(bytes.toString(), /<(script|img|svg)|\]\(|javascript:/i);
      }
    }));
  }
});

/** Opens an exported page under its own policy; its text. */
async function page(saved) {
  const context = await (await running()).newContext();
  try {
    const page = await context.newPage();
    const url = pathToFileURL(saved).href;
    const guard = await watch(context, page, url);
    await page.goto(url);
    return await harmless({ page, guard });
  } finally {
    await context.close();
  }
}

describe('names of files', () => {
  const names = [
    '<img src=x onerror=alert(1)>', '" onmouseover="alert(1)', 'a\u202egnp.gs', '\u001b[31mred', '&lt;b&gt;',
    '{file} {n} $& %s', '{n:n a|b}',
  ];
  for (const name of names) {
    test(JSON.stringify(name), () => inspect({}, async (inspector) => {
      const copy = file(name, readFileSync(fixture('torn_tail')));
      await inspector.open('choose', copy, fixture('healthy'));
      await harmless(inspector);
      await inspector.page.locator('nav.files > .tab').click();
      await inspector.page.locator('.compare .sides').waitFor();
      await harmless(inspector);
      await inspector.page.locator('.file-tab .tab').first().click();
      await inspector.done();
      for (const form of ['html', 'markdown', 'json']) {
        assert.ok(!(await inspector.save(form)).bytes.includes(name), form);
      }
    }));
  }
});

describe('saved reports that were tampered with', () => {
  const original = native.report(fixture('hidden_alias'));
  const spread = (value, text) => {
    if (Array.isArray(value)) return value.map((each) => spread(each, text));
    if (value && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, spread(each, text)]));
    }
    return value;
  };
  for (const text of HOSTILE) {
    test(JSON.stringify(text), () => inspect({}, async (inspector) => {
      const report = spread(original, text);
      for (const finding of report.findings) {
        for (const key of Object.keys(finding.values)) finding.values[key] = text;
        finding.place.record_type = text;
        finding.place.key = text;
      }
      for (const key of Object.keys(report.verdict.values)) report.verdict.values[key] = text;
      for (const row of report.gossip.types) row.name = text;
      report.gossip.version.written_by = text;
      report.gossip.version.read_by = text;
      await inspector.open('drop', file('tampered.json', JSON.stringify(report)));
      if (await inspector.page.locator('#given').count() > 0) {
        // Refused: fine as well, as long as that is said harmlessly.
        await harmless(inspector);
        return;
      }
      await harmless(inspector);
      const { path: saved } = await inspector.save('html');
      await page(saved);
      const { bytes } = await inspector.save('markdown');
      assert.doesNotMatch(bytes.toString().replaceAll('\n', ''), HIDDEN);
      assert.doesNotMatch(bytes.toString(), /<(script|img|svg)|\]\(|javascript:/i);
    }));
  }
});
