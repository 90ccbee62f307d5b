// Figures, printed and not judged: from drop to verdict for a store of 200 MB, beside a page that
// only reads the same file; the longest time that the page did not answer; sizes. One run, the two
// pages in turn, each time in a new tab.

import { readFileSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { html } from './support/built.mjs';
import { start } from './support/start.mjs';
import { Inspector } from './support/inspector.mjs';
import { serve } from './support/origins.mjs';
import { packed, text } from './support/packed.mjs';
import { large } from './support/large.mjs';
import { fixture } from './support/stores.mjs';

const ROUNDS = Number(process.env.FULGURITE_ROUNDS ?? 9);
const reader = fileURLToPath(new URL('support/reader.html', import.meta.url));

/** Runs in the page: notes when a file was dropped, when its outcome stood, and what blocked. */
function clock() {
  const times = { longest: 0, gap: 0, tasks: [] };
  window.__times = times;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) times.tasks.push([startTime, duration]);
  }).observe({ type: 'longtask', buffered: true });
  addEventListener('drop', () => {
    times.drop = performance.now();
    let last = times.drop;
    // Messages are answered between tasks: a gap is a time without an answer.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      const now = performance.now();
      times.gap = Math.max(times.gap, now - last);
      last = now;
      setTimeout(() => port2.postMessage(null), 1);
    };
    port2.postMessage(null);
  }, { capture: true });
  new MutationObserver(() => {
    if (times.drop && !times.verdict && document.querySelector('#sentence')) {
      times.verdict = performance.now();
    }
  }).observe(document, { childList: true, subtree: true });
}

/** One drop in a new tab: milliseconds. */
async function once(browser, url, path) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    await page.addInitScript(clock);
    await page.goto(url);
    const inspector = new Inspector(context, page);
    await inspector.ready();
    // What was started by opening is over by then: the engine unpacked, compiled and warm.
    await page.waitForTimeout(1500);
    const mounted = await page.evaluate(() => performance.now());
    await inspector.drop(path);
    await page.locator('#sentence').waitFor();
    // What follows the verdict: map, tables.
    await page.waitForTimeout(700);
    const times = await page.evaluate(() => window.__times);
    const after = times.tasks.filter(([at]) => at >= times.drop);
    return {
      verdict: times.verdict - times.drop,
      task: Math.max(0, ...after.map(([, duration]) => duration)),
      opening: Math.max(0, ...times.tasks.filter(([at]) => at < mounted).map(([, duration]) => duration)),
      gap: times.gap,
    };
  } finally {
    await context.close();
  }
}

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const ms = (number) => `${number.toFixed(0)} ms`;
const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

async function compare(browser, origin, page, floor, path) {
  const runs = { page: [], floor: [] };
  await once(browser, floor, path);
  await once(browser, page, path);
  for (let round = 0; round < ROUNDS; round++) {
    runs.floor.push(await once(browser, floor, path));
    runs.page.push(await once(browser, page, path));
  }
  const of = (list, key) => median(list.map((run) => run[key]));
  const [verdict, read] = [of(runs.page, 'verdict'), of(runs.floor, 'verdict')];
  const spread = (list) => `${ms(Math.min(...list.map((run) => run.verdict)))}–${ms(Math.max(...list.map((run) => run.verdict)))}`;
  console.log(`${origin}, ${(statSync(path).size / 1e6).toFixed(1)} MB, ${ROUNDS} rounds in turn, medians:`);
  console.log(`  drop to verdict        ${ms(verdict)} (${spread(runs.page)})`);
  console.log(`  only reading           ${ms(read)} (${spread(runs.floor)})`);
  console.log(`  ratio                  ${(verdict / read).toFixed(2)}`);
  console.log(`  longest task           ${ms(of(runs.page, 'task'))}, at most ${ms(Math.max(...runs.page.map((run) => run.task)))} (tasks under 50 ms are not told)`);
  console.log(`  longest without answer ${ms(of(runs.page, 'gap'))}, at most ${ms(Math.max(...runs.page.map((run) => run.gap)))}`);
  console.log(`  longest task, opening  ${ms(of(runs.page, 'opening'))}, at most ${ms(Math.max(...runs.page.map((run) => run.opening)))}`);
}

function sizes() {
  const { parts, stream, characters } = packed(text());
  console.log(`dist/fulgurite.html      ${kb(statSync(html).size)}, of it packed ${kb(characters * 2)}`);
  for (const [name, bytes] of parts) {
    console.log(`  ${name.padEnd(22)} ${kb(bytes.length)}, gzip ${kb(gzipSync(bytes, { level: 9 }).length)}`);
  }
  console.log(`  one stream of these    ${kb(stream)}`);
}

sizes();
const browser = await start();
const { address, close } = await serve();
const floor = await serve(() => readFileSync(reader));
try {
  console.log(`Chromium ${browser.version()}`);
  for (const path of [large(), fixture('sample')]) {
    await compare(browser, 'file://', pathToFileURL(html).href, pathToFileURL(reader).href, path);
    if (path === large()) await compare(browser, 'http://', address, floor.address, path);
  }
} finally {
  await browser.close();
  close();
  floor.close();
}
