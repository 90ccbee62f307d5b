// Looking around in a store: problems one after the other, bytes and fields, filters, searches,
// the other language, the address.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import * as native from './support/native.mjs';
import { inspect } from './support/inspect.mjs';
import { fixture, fixtures } from './support/stores.mjs';

const sample = fixture('sample');

test('problems, one after the other', (t) => inspect({}, async (inspector) => {
  const { page } = inspector;
  for (const [name, path] of fixtures()) {
    const stops = native.problems(native.report(path));
    if (stops.length === 0) continue;
    await t.test(`. and , walk through ${stops.length} of ${name}`, async () => {
      await inspector.open('drop', path);
      const few = stops.slice(0, 12);
      for (const [number, at] of few.entries()) {
        await page.keyboard.press('.');
        await inspector.bytes(at);
        assert.match(await page.locator('.walk .figure').innerText(), new RegExp(`^${number + 1}\\b`));
      }
      for (const at of few.slice(0, -1).reverse()) {
        await page.keyboard.press(',');
        await inspector.says('at', at);
      }
      // The walk stops at either end.
      await page.keyboard.press(',');
      await inspector.says('at', stops[0]);
      await inspector.close();
    });
  }
}));

describe('bytes', () => {
  for (const name of ['sample', 'zero_run', 'overwritten', 'torn_tail', 'second_store', 'orphans']) {
    test(`of a finding of ${name}`, () => inspect({}, async (inspector) => {
      const { page } = inspector;
      const file = readFileSync(fixture(name));
      await inspector.open('drop', fixture(name));
      await page.locator('.finding .place').first().click();
      await page.locator('#bytes .piece').waitFor();
      const lines = await inspector.dump();
      assert.ok(lines.length > 0);
      for (const { at, hex } of lines) {
        assert.equal(hex, file.subarray(at, at + hex.length / 2).toString('hex'), `at ${at}`);
      }
    }));
  }

  test('of the version', () => inspect({}, async (inspector) => {
    const { page } = inspector;
    await inspector.open('drop', fixture('unsupported_v3'));
    await page.keyboard.press('.');
    await inspector.bytes(0);
    assert.match(await page.locator('#bytes .piece').innerText(), /version: 3\b/);
    await page.keyboard.press(']');
    await inspector.says('at', 1);
  }));

  test('a record: checksum, seed, and fields that light up their bytes', () => inspect({}, async (inspector) => {
    const { page } = inspector;
    const row = native.rows('records', sample, '--type', '258').at(3);
    const record = readFileSync(sample).subarray(row.offset, row.offset + row.len);
    await inspector.open('drop', sample);
    await inspector.tab('records');
    await inspector.search(String(row.offset));
    await inspector.bytes(row.offset);

    const sum = page.locator('#bytes .sum');
    const stored = record.subarray(4, 8).toString('hex');
    const digits = await sum.locator('.mono').allInnerTexts();
    assert.deepEqual(digits.slice(0, 2).map((text) => text.replace(/^0x/, '')), [stored, stored]);
    assert.ok(digits[2].includes(String(record.readUInt32BE(8))));

    const { fields } = native.show(sample, row.offset);
    const names = await page.locator('#bytes .fields tbody th').allInnerTexts();
    assert.deepEqual(names, fields.map(({ name }) => name));

    const last = page.locator('#bytes .fields tbody tr').nth(4);
    await last.hover();
    await page.locator('#bytes .hex .part.hot').first().waitFor();
    const lit = (await page.locator('#bytes .hex .part.hot').allInnerTexts()).join('').replaceAll(/\s/g, '');
    const { offset, hex } = fields[4];
    assert.ok(hex.startsWith(lit), `field ${fields[4].name} at ${offset}: ${lit} in ${hex}`);
    await page.locator('#bytes .hex .part').first().hover();
    await page.locator('#field-0.hot').waitFor();

    // By keys to the record behind and back.
    await page.locator('#verdict').focus();
    await page.keyboard.press(']');
    await inspector.says('at', row.offset + row.len);
    await page.keyboard.press('[');
    await page.locator('#bytes .piece').waitFor();
    await page.waitForFunction((at) => {
      const here = Number(new URLSearchParams(location.hash.slice(1)).get('at'));
      return here < at;
    }, row.offset + row.len);
  }));
});

describe('findings', () => {
  test('by severity, by kind, by text', () => inspect({}, async (inspector) => {
    const { page } = inspector;
    const { findings, counts } = native.report(sample);
    await inspector.open('drop', sample);
    const shown = () => page.locator('.finding code').allInnerTexts();
    const kinds = (list) => [...new Set(list.map(({ code }) => code))].sort();
    assert.deepEqual((await shown()).sort(), kinds(counts));

    const damage = kinds(findings.filter(({ severity }) => severity === 'damage'));
    await page.locator('.findings .chip').nth(1).click();
    await inspector.says('severity', 'damage');
    assert.deepEqual((await shown()).sort(), damage);
    await page.locator('.findings .chip').first().click();

    const [code] = damage;
    await page.locator('.findings select').selectOption(code);
    await inspector.says('code', code);
    assert.deepEqual(await shown(), [code]);
    await page.locator('.findings select').selectOption('');

    await page.locator('#filter').fill(code);
    await page.waitForFunction(() => document.querySelectorAll('.finding').length === 1);
    assert.deepEqual(await shown(), [code]);
    await page.locator('#filter').fill('no such words anywhere');
    await page.waitForFunction(() => document.querySelectorAll('.finding').length === 0);
  }));
});

describe('records', () => {
  const found = (inspector) => inspector.page.locator('.listing .status').innerText();
  const number = async (inspector) => Number((await found(inspector)).match(/[\d,]+/)[0].replaceAll(',', ''));

  test('all of them, by type and by state', () => inspect({}, async (inspector) => {
    const { page } = inspector;
    await inspector.open('drop', sample);
    await inspector.tab('records');
    assert.equal(await inspector.count('records'), native.rows('records', sample).length);
    for (const type of ['256', '257', '258', '4101']) {
      await page.locator('.listing select').first().selectOption(type);
      await inspector.settled();
      assert.equal(await number(inspector), native.rows('records', sample, '--type', type).length, type);
    }
    await page.locator('.listing select').first().selectOption('');
    for (const state of ['deleted', 'wounded', 'live']) {
      await page.locator('.listing select').nth(1).selectOption(state);
      await inspector.settled();
      assert.equal(await number(inspector), native.rows('records', sample, '--state', state).length, state);
    }
  }));

  test('by short channel id, node id, alias and offset', () => inspect({}, async (inspector) => {
    await inspector.open('drop', sample);
    await inspector.tab('records');
    const [announced] = native.rows('records', sample, '--type', '256', '--state', 'live');
    const [node] = native.rows('records', sample, '--type', '257', '--state', 'live');
    await inspector.search(announced.scid);
    assert.equal(await number(inspector), native.rows('records', sample, '--scid', announced.scid).length);
    const digits = announced.node_id_1.slice(0, 12);
    await inspector.search(digits);
    assert.equal(await number(inspector), native.rows('records', sample, '--node', digits).length);
    await inspector.search(node.alias);
    const same = native.rows('records', sample, '--type', '257')
      .filter(({ alias }) => alias?.toLowerCase().includes(node.alias.toLowerCase()));
    assert.equal(await number(inspector), same.length);
    await inspector.says('find', node.alias);
    await inspector.search(`0x${announced.offset.toString(16)}`);
    await inspector.bytes(announced.offset);
  }));

  test('a stretch of the map', () => inspect({}, async (inspector) => {
    const { page } = inspector;
    await inspector.open('drop', sample);
    const { x, y, width } = await page.locator('.strip canvas').boundingBox();
    await page.keyboard.down('Shift');
    await page.mouse.move(x + width * 0.25, y + 30);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.4, y + 30, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await page.locator('#tab-records[aria-selected=true]').waitFor();
    await inspector.settled();
    const [from, to] = (await inspector.fragment('range')).split('-');
    const inside = native.rows('records', sample, '--from', from, '--to', to);
    assert.ok(inside.length > 10);
    assert.equal(await number(inspector), inside.length);
  }));

  test('by the keyboard alone', () => inspect({}, async (inspector) => {
    const { page } = inspector;
    const rows = native.rows('records', sample);
    await inspector.open('drop', sample);
    await page.keyboard.press('2');
    await page.locator('#grid-records').waitFor();
    await page.locator('#grid-records').focus();
    await page.keyboard.press('End');
    await inspector.bytes(rows.at(-1).offset);
    await page.keyboard.press('Home');
    await inspector.says('at', rows[0].offset);
    await page.keyboard.press('ArrowDown');
    await inspector.says('at', rows[1].offset);
    await page.keyboard.press('/');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'search');
  }));
});

describe('channels and nodes', () => {
  for (const [list, columns] of [['channels', ['scid', 'node_id_1']], ['nodes', ['node_id', 'alias']]]) {
    test(list, () => inspect({}, async (inspector) => {
      const rows = native.rows(list, sample);
      await inspector.open('drop', sample);
      await inspector.tab(list);
      assert.equal(await inspector.count(list), rows.length);
      const named = rows.find((row) => columns.every((column) => row[column]));
      for (const column of columns) {
        await inspector.search(named[column]);
        const text = await inspector.page.locator(`#grid-${list} .rows`).innerText();
        const key = column.startsWith('node_id') ? named[column].slice(0, 6) : named[column];
        assert.ok(text.includes(key), `${key} in ${text}`);
      }
    }));
  }
});

test('the other language says the same', () => inspect({}, async (inspector) => {
  const { page } = inspector;
  await inspector.open('drop', sample);
  await inspector.language('zh-CN');
  const { word, sentence } = native.words(sample, 'zh-CN');
  const verdict = await inspector.verdict();
  assert.deepEqual([verdict.word, verdict.sentence], [word, sentence]);
  await inspector.says('lang', 'zh-CN');
  assert.match(await page.title(), /sample\.gs/);
  await inspector.language('en');
  assert.equal((await inspector.verdict()).sentence, native.words(sample).sentence);
}));

test('the first language is the browser’s', () => inspect({ locale: 'zh-CN' }, async (inspector) => {
  await inspector.page.locator('html[lang="zh-CN"]').waitFor({ state: 'attached' });
}));

test('an address comes back to the same place', () => {
  const [row] = native.rows('records', sample, '--type', '257');
  const hash = `#sample&view=nodes&at=${row.offset}&lang=zh-CN`;
  return inspect({ hash }, async (inspector) => {
    await inspector.done();
    await inspector.page.locator('#tab-nodes[aria-selected=true]').waitFor();
    await inspector.bytes(row.offset);
    await inspector.page.locator('html[lang="zh-CN"]').waitFor({ state: 'attached' });
  });
});
