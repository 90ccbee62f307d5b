// Reports to take away: the data is byte for byte the command's, whatever the seed of the hash
// maps, and opens again; the page runs and loads nothing; the Markdown says the same.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describe, test } from 'node:test';
import { running } from './support/chromium.mjs';
import { watch } from './support/guard.mjs';
import { html } from './support/built.mjs';
import * as native from './support/native.mjs';
import { inspect } from './support/inspect.mjs';
import { empty, file, fixture, fixtures, jpeg } from './support/stores.mjs';

const files = [...fixtures(), ['a JPEG', jpeg()], ['an empty file', empty()]];

test('JSON is what the command prints', (t) => inspect({}, async (inspector) => {
  for (const [name, path] of files) {
    // The engine draws a new seed each time it reads a file.
    await t.test(`${name}, twice`, async () => {
      const expected = native.reportBytes(path);
      for (let time = 0; time < 2; time++) {
        await inspector.open('choose', path);
        const { name, bytes } = await inspector.save('json');
        assert.equal(name, 'fulgurite-report.json');
        assert.ok(bytes.equals(expected), `${bytes.length} bytes against ${expected.length}`);
        await inspector.close();
      }
    });
  }
}));

test('a saved report opens again', (t) => inspect({}, async (inspector) => {
  const { page } = inspector;
  for (const [name, path] of files) {
    await t.test(name, async () => {
      // What the page itself has saved.
      await inspector.open('drop', path);
      const saved = await inspector.save('json');
      await inspector.close();
      await inspector.open('drop', saved.path);
      const { word, sentence } = native.words(path);
      const verdict = await inspector.verdict();
      assert.deepEqual([verdict.word, verdict.sentence], [word, sentence]);
      const again = await inspector.save('json');
      assert.ok(again.bytes.equals(native.reportBytes(path)));
      if (name === 'sample') {
        for (const tab of ['records', 'channels', 'nodes', 'findings']) await inspector.tab(tab);
        await page.keyboard.press('.');
        await inspector.says('at', native.problems(native.report(path))[0]);
      }
      await inspector.close();
    });
  }
}));

describe('a file that looks like a report', () => {
  test('what is no report says so', () => inspect({}, async (inspector) => {
    await inspector.open('drop', file('other.json', '{"schema": "something-else/1"}'));
    await inspector.page.locator('[role=alert]').waitFor();
  }));
});

/** Opens an exported page by itself and looks at what is in it. */
async function read(path) {
  const browser = await running();
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const url = pathToFileURL(path).href;
    const guard = await watch(context, page, url);
    await page.goto(url);
    const found = await page.evaluate(() => ({
      elements: [...new Set([...document.querySelectorAll('*')].map((e) => e.localName))].sort(),
      handlers: [...document.querySelectorAll('*')]
        .flatMap((e) => [...e.attributes]).filter(({ name }) => /^on|^href$|^src/.test(name)).length,
      policy: document.querySelector('meta[http-equiv]').content,
      text: document.body.innerText,
      language: document.documentElement.lang,
    }));
    await guard.check();
    return found;
  } finally {
    await context.close();
  }
}

const ELEMENTS = [
  'article', 'bdi', 'body', 'br', 'code', 'dd', 'dl', 'dt', 'footer', 'h1', 'h2', 'h3', 'head', 'header',
  'html', 'li', 'main', 'meta', 'ol', 'p', 'section', 'small', 'span', 'strong', 'style', 'table',
  'tbody', 'td', 'th', 'thead', 'title', 'tr', 'ul',
];

for (const tag of ['en', 'zh-CN']) {
  test(`HTML and Markdown, ${tag}`, (t) => inspect({}, async (inspector) => {
    await inspector.language(tag);
    for (const name of ['healthy', 'sample', 'hidden_alias', 'malicious_aliases', 'unsupported_v8', 'bloat']) {
      await t.test(name, async () => {
        const path = fixture(name);
        await inspector.open('drop', path);
        const { sentence } = native.words(path, tag);
        const page = await inspector.save('html');
        assert.equal(page.name, 'fulgurite-report.html');
        const found = await read(page.path);
        assert.ok(found.text.includes(sentence), found.text.slice(0, 300));
        assert.equal(found.language, tag);
        assert.equal(found.handlers, 0);
        assert.deepEqual(found.elements.filter((element) => !ELEMENTS.includes(element)), []);
        assert.match(found.policy, /^default-src 'none';/);
        // Nothing of this machine: no name of the file, no folder.
        const text = `${page.bytes}${(await inspector.save('markdown')).bytes}`;
        for (const own of [`${name}.gs`, 'fixtures', 'file://', 'http:', 'https:']) {
          assert.ok(!text.includes(own), own);
        }
        for (const { code } of native.report(path).counts) assert.ok(text.includes(code), code);
        await inspector.close();
      });
    }
  }));
}

describe('what is left out', () => {
  test('private channels are in no export', () => inspect({}, async (inspector) => {
    const path = fixture('unsupported_v8');
    await inspector.open('drop', path);
    for (const form of ['html', 'markdown', 'json']) {
      const { bytes } = await inspector.save(form);
      assert.ok(!bytes.includes('640001x2x0'), form);
    }
    // On the screen it is hidden as well, until it is asked for.
    const hidden = native.rows('records', path).find(({ redacted }) => redacted);
    assert.ok(hidden, 'a record is hidden');
    await inspector.tab('records');
    await inspector.search(String(hidden.offset));
    await inspector.bytes(hidden.offset);
    assert.ok(!(await inspector.text()).includes('640001x2x0'));
    await inspector.page.locator('#bytes .note ~ button').first().click();
    await inspector.page.locator('#bytes .fields').waitFor();
    for (const form of ['html', 'markdown', 'json']) {
      assert.ok(!(await inspector.save(form)).bytes.includes('640001x2x0'), form);
    }
  }));
});

describe('the tool saves itself', () => {
  for (const origin of ['file', 'http']) {
    test(origin, () => inspect({ origin }, async (inspector) => {
      const { page } = inspector;
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('.ways button').nth(1).click(),
      ]);
      const { name, bytes } = await inspector.downloaded(download);
      assert.equal(name, 'fulgurite.html');
      assert.ok(bytes.equals(readFileSync(html)), 'the very bytes that were opened');
    }));
  }
});
