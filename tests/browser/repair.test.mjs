// The repair, as someone uses it: what lightningd does with the file, the plan, the repaired store.
// What is saved is byte for byte what the command writes, and opens again as healthy.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as native from './support/native.mjs';
import { inspect } from './support/inspect.mjs';
import { ORIGINS } from './support/origins.mjs';
import { file, fixture, jpeg } from './support/stores.mjs';
import { downloadRepaired, plan, writeVersion } from './support/repair.mjs';

/** A store without a record. */
const hopeless = () => file('hopeless.gs', Buffer.from([15]));

const sample = fixture('sample');

for (const origin of ORIGINS) {
  test(`planned, downloaded, opened again, ${origin}`, () => inspect({ origin }, async (inspector) => {
    const { page } = inspector;
    await inspector.open('drop', sample);
    await inspector.tab('repair');
    await plan(inspector);
    const { plan: expected, bytes } = native.repaired([sample]);
    const summary = await page.locator('#summary').innerText();
    assert.ok(native.repairText([sample]).includes(summary), summary);
    // All places that tell something, up to the first hundred.
    const telling = expected.rows.filter(({ action, reason }) => action !== 'keep' && reason !== 'dead');
    assert.ok(telling.length > 0, 'there is something to repair');
    assert.equal(await page.locator('.places tbody tr').count(), Math.min(telling.length, 100));
    // A place leads to its bytes.
    await page.locator('.places .place').first().click();
    await inspector.bytes(telling[0].span.start);
    const saved = await downloadRepaired(inspector);
    assert.equal(saved.name, 'gossip_store.repaired');
    assert.ok(saved.bytes.equals(bytes), `${saved.bytes.length} bytes against ${bytes.length}`);
    assert.equal(await page.locator('#sha256').innerText(), native.sha256(bytes));
    const steps = await page.locator('.install').innerText();
    assert.ok(steps.includes('NEW=gossip_store.repaired;'), steps);
    // Two spaces, or sha256sum does not understand it.
    assert.ok(steps.includes(`echo '${native.sha256(bytes)}  '"$NEW" | sha256sum -c -`), steps);
    assert.ok(!/\{\w+\}/.test(steps), steps);
    // What is shown elsewhere meanwhile is not lost.
    await inspector.tab('records');
    await inspector.tab('repair');
    await page.locator('#sha256').waitFor();
    await inspector.close();
    // The repaired store, dropped here.
    await inspector.open('drop', saved.path);
    assert.equal((await inspector.verdict()).style, 'fine');
    await inspector.tab('repair');
    await plan(inspector);
    assert.match(await page.locator('#summary').innerText(), /^Nothing needs repair/);
    assert.equal(await page.locator('#save-repaired').count(), 0);
  }));
}

test('what releases do with it', (t) => inspect({}, async (inspector) => {
  const { page } = inspector;
  for (const name of ['sample', 'healthy', 'torn_tail', 'second_store']) {
    await t.test(name, async () => {
      const path = fixture(name);
      const { releases } = native.report(path);
      await inspector.open('drop', path);
      await inspector.tab('lightningd');
      const rows = page.locator('.releases tbody tr');
      assert.equal(await rows.count(), releases.length);
      for (const [number, release] of releases.entries()) {
        const text = await rows.nth(number).innerText();
        const has = (part) => assert.ok(text.includes(part), `${part} in ${text}`);
        has(release.release);
        has(release.accepted ? 'accepted' : 'not accepted');
        for (const line of release.gossipd.log ?? []) has(line);
        const at = release.gossipd.at;
        if (at !== undefined) {
          const place = rows.nth(number).locator('.place', { hasText: at.toLocaleString('en-US') });
          await place.first().click();
          await inspector.says('at', at);
        }
      }
      await inspector.language('zh-CN');
      assert.match(await rows.first().innerText(), /接受/);
      await inspector.language('en');
      await inspector.close();
    });
  }
}));

test('another version', (t) => inspect({}, async (inspector) => {
  await inspector.open('drop', sample);
  await inspector.tab('repair');
  for (const version of [15, 14, 9]) {
    await t.test(String(version), async () => {
      await writeVersion(inspector, version);
      await plan(inspector);
      const { name, bytes } = await downloadRepaired(inspector);
      assert.equal(name, 'gossip_store.repaired');
      assert.equal(bytes[0], version);
      const expected = native.repaired([sample], '--store-version', String(version));
      assert.ok(bytes.equals(expected.bytes));
      // What lightningd does with it: the newest that writes this version, and the newest.
      assert.ok(expected.releases.length > 0, 'releases are asked');
      const rows = inspector.page.locator('.releases tbody tr');
      const told = await rows.locator('th').allInnerTexts();
      assert.equal(told.length, expected.releases.length, told.join());
      for (const [number, { release, accepted }] of expected.releases.entries()) {
        assert.ok(told[number].includes(release), `${release} in ${told[number]}`);
        assert.equal(told[number].includes('not accepted'), !accepted, told[number]);
      }
      assert.equal(await rows.locator('.place').count(), 0, 'there are no bytes to show');
    });
  }
}));

test('two stores into one', () => inspect({}, async (inspector) => {
  const { page } = inspector;
  const paths = [fixture('second_store'), sample];
  await inspector.open('drop', ...paths);
  await page.locator('nav.files > .tab').click();
  await plan(inspector);
  const { bytes } = await downloadRepaired(inspector);
  assert.ok(bytes.equals(native.repaired(paths).bytes));
  // A place leads to the file that it is in.
  await page.locator('.places .place').first().click();
  await page.locator('#bytes .piece').waitFor();
}));

test('what cannot be repaired', () => inspect({}, async (inspector) => {
  const { page } = inspector;
  await inspector.open('drop', hopeless());
  await inspector.tab('repair');
  await page.locator('#make-plan').click();
  await page.locator('.plan .bad').waitFor();
  await inspector.close();
  // A file that is no store has no repair, and a saved report neither.
  await inspector.open('drop', jpeg());
  assert.equal(await page.locator('#tab-repair').count(), 0);
  await inspector.close();
  await inspector.open('drop', file('report.json', native.reportBytes(sample)));
  await inspector.tab('lightningd');
  await page.locator('.releases tbody tr').first().waitFor();
  await inspector.tab('repair');
  assert.match(await page.locator('#panel').innerText(), /needs the file itself/);
}));

test('by keyboard, on a small screen', () => inspect({ viewport: { width: 360, height: 800 } }, async (inspector) => {
  const { page } = inspector;
  await inspector.open('drop', sample);
  await page.keyboard.press('6');
  await page.locator('#tab-repair[aria-selected=true]').waitFor();
  await page.locator('#make-plan').focus();
  await page.keyboard.press('Enter');
  await page.locator('#summary').waitFor();
  const said = await page.locator('[role=status]').first().innerText();
  assert.equal(said, await page.locator('#summary').innerText());
  // Nothing but the table of places is wider than the screen.
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 360, `${wide} pixels`);
  // All of it stands in the page, not in a pane of its own whose end nobody sees.
  const pane = await page.locator('.scroll.plan').evaluate((pane) => [pane.clientHeight, pane.scrollHeight]);
  assert.equal(pane[0], pane[1]);
  await page.keyboard.press('5');
  await page.locator('.releases').waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 360);
}));
