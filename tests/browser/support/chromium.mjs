// Chromium: one for each test file, with a log of its network stack.

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import assert from 'node:assert/strict';
import { scratch } from './built.mjs';
import * as origins from './origins.mjs';
import { start } from './start.mjs';

let browser;
let log;

/** The one of this test file; it ends with it, and its log is looked through. */
export async function running() {
  if (browser) return browser;
  log = join(scratch('net-log'), `${process.pid}.json`);
  browser = await start([`--log-net-log=${log}`]);
  return browser;
}

/**
 * The addresses that pages had the network stack ask for. Local files and blobs never reach it, and
 * what the browser asks for on its own account has no page as its initiator.
 */
function asked(path) {
  const text = readFileSync(path, 'utf8');
  // A browser that is ended at once may not have closed the list.
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    found = JSON.parse(`${text.trimEnd().replace(/,$/, '')}]}`);
  }
  const start = found.constants.logEventTypes.URL_REQUEST_START_JOB;
  const addresses = found.events
    .filter(({ type, params }) => type === start && params?.url)
    .filter(({ params }) => params.initiator !== 'not an origin')
    .map(({ params }) => params.url);
  return [...new Set(addresses)];
}

after(async () => {
  assert.deepEqual(origins.stop(), [], 'the server was asked for more than the page');
  if (!browser) return;
  await browser.close();
  const local = (url) => /^(blob|data|file):|^(http|ws)s?:\/\/127\.0\.0\.1:/.test(url);
  const elsewhere = asked(log).filter((url) => !local(url));
  rmSync(log);
  assert.deepEqual(elsewhere, [], 'the network stack was asked for something that is not on this machine');
});
