// Firefox, Debian's, by the chooser and over file://: the page opens there and says the same.

import assert from 'node:assert/strict';
import { rmSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { firefoxProgram, load, scratch } from './support/built.mjs';
import * as native from './support/native.mjs';
import { address, ORIGINS, stop } from './support/origins.mjs';
import { fixture, jpeg } from './support/stores.mjs';

const puppeteer = load('puppeteer-core');

let browser;
let profile;
before(async () => {
  profile = mkdtempSync(join(scratch('firefox'), 'profile-'));
  browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: firefoxProgram,
    headless: true,
    userDataDir: profile,
    extraPrefsFirefox: { 'intl.accept_languages': 'en-US', 'network.captive-portal-service.enabled': false, 'network.connectivity-service.enabled': false },
  });
}, { timeout: 120_000 });
after(async () => {
  await browser?.close();
  rmSync(profile, { recursive: true, force: true });
  assert.deepEqual(stop(), [], 'the server was asked for more than the page');
});

async function open(origin, path) {
  const page = await browser.newPage();
  try {
    const errors = [];
    const requests = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('request', (request) => requests.push(request.url()));
    const own = await address(origin);
    await page.goto(own);
    const input = await page.waitForSelector('input[type=file]');
    await input.uploadFile(path);
    await page.waitForSelector('#sentence', { timeout: 30_000 });
    // The parts below the verdict follow one by one.
    await page.waitForFunction(() => !document.querySelector('main > p[aria-busy]'));
    await page.select('select.language', 'en');
    const verdict = await page.$eval('#verdict', (section) => ({
      word: section.querySelector('.word').innerText.trim(),
      sentence: section.querySelector('#sentence').innerText.trim(),
    }));
    assert.deepEqual(verdict, native.words(path));
    assert.deepEqual(errors, []);
    assert.deepEqual(requests.filter((url) => url.split('#')[0] !== own && !/^(blob|data):/.test(url)), []);
    return await page.evaluate(() => ({
      map: Boolean(document.querySelector('#map canvas')),
      findings: document.querySelectorAll('.finding').length,
    }));
  } finally {
    await page.close();
  }
}

for (const origin of ORIGINS) {
  describe(origin, () => {
    for (const name of ['healthy', 'sample', 'torn_tail', 'second_store', 'unsupported_v3', 'malicious_aliases']) {
      test(name, async () => {
        const { map, findings } = await open(origin, fixture(name));
        assert.ok(map);
        assert.equal(findings, new Set(native.report(fixture(name)).counts.map(({ code }) => code)).size);
      });
    }
    test('a JPEG', async () => {
      assert.ok(!(await open(origin, jpeg())).map);
    });
  });
}
