// The pictures in docs/screenshots, taken anew: three sizes, both themes, both languages.
// `pngquant` makes them smaller where it is installed.

import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from './support/inspect.mjs';
import { plan } from './support/repair.mjs';
import { fixture } from './support/stores.mjs';

const folder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const LARGEST = 300_000;

const PHONE = { width: 360, height: 800 };
const DESK = { width: 1440, height: 900 };
const WALL = { width: 3840, height: 2160 };

const sample = (inspector) => inspector.page.locator('.ways button').first().click().then(() => inspector.done());

/** Scrolls a part to right below the head of the page, which stays. */
const below = (inspector, part) => inspector.page.locator(part).evaluate((part) => {
  const head = document.querySelector('header.top').getBoundingClientRect().bottom;
  scrollBy(0, part.getBoundingClientRect().top - head);
});

const problem = async (inspector) => {
  await sample(inspector);
  await inspector.page.keyboard.press('.');
  await inspector.page.locator('#bytes .piece').waitFor();
};

const records = async (inspector) => {
  await sample(inspector);
  await inspector.page.keyboard.press('2');
  await inspector.page.locator('#grid-records .row').nth(4).click();
  await inspector.page.locator('#bytes .fields').waitFor();
  await below(inspector, '.bench');
};

const repair = async (inspector) => {
  await sample(inspector);
  await inspector.page.keyboard.press('6');
  await plan(inspector);
  await inspector.page.locator('.places .place').first().click();
  await inspector.page.locator('#bytes .piece').waitFor();
  await below(inspector, '.bench');
};

const nodes = async (inspector) => {
  await inspector.open('drop', fixture('healthy'));
  await inspector.page.keyboard.press('4');
  await inspector.page.locator('#grid-nodes .row').nth(2).click();
  await inspector.page.locator('#bytes .fields').waitFor();
  await below(inspector, '.bench');
};

const composition = async (inspector) => {
  await sample(inspector);
  await below(inspector, '.composition');
};

const compare = async (inspector) => {
  await inspector.open('drop', fixture('healthy'), fixture('torn_tail'), fixture('second_store'));
  await inspector.page.locator('nav.files > .tab').click();
  await inspector.page.locator('.compare .sides').waitFor();
};

const PICTURES = [
  ['empty-1440', DESK, {}, () => {}],
  ['empty-360', PHONE, {}, () => {}],
  ['damaged-360', PHONE, {}, sample],
  ['bytes-360', PHONE, {}, problem],
  ['records-360', PHONE, {}, records],
  ['damaged-1440', DESK, {}, problem],
  ['records-1440', DESK, {}, records],
  ['nodes-1440', DESK, {}, nodes],
  ['repair-1440', DESK, {}, repair],
  ['composition-1440', DESK, {}, composition],
  ['compare-1440', DESK, {}, compare],
  ['damaged-3840', WALL, {}, problem],
  ['records-3840', WALL, {}, records],
  ['damaged-dark-1440', DESK, { colorScheme: 'dark' }, problem],
  ['records-dark-1440', DESK, { colorScheme: 'dark' }, records],
  ['damaged-dark-360', PHONE, { colorScheme: 'dark' }, sample],
  ['damaged-zh-1440', DESK, { locale: 'zh-CN' }, problem],
];

mkdirSync(folder, { recursive: true });
let heavy = 0;
for (const [name, viewport, options, go] of PICTURES) {
  const path = join(folder, `${name}.png`);
  await inspect({ viewport, reducedMotion: 'reduce', ...options }, async (inspector) => {
    await go(inspector);
    await inspector.page.mouse.move(0, 0);
    await inspector.page.waitForTimeout(300);
    await inspector.page.screenshot({ path, animations: 'disabled' });
  });
  // The largest are mostly text: fewer shades do for them.
  const shades = viewport === WALL ? '48' : '256';
  spawnSync('pngquant', ['--force', '--ext', '.png', '--speed', '1', '--strip', shades, path]);
  const { size } = statSync(path);
  if (size > LARGEST) heavy += 1;
  console.log(`${basename(path).padEnd(26)} ${size} bytes${size > LARGEST ? ', too large: install pngquant' : ''}`);
}
process.exit(heavy > 0 ? 1 : 0);
