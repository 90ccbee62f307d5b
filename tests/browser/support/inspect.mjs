// Opens the inspector in a browser of its own, for a test.

import { running } from './chromium.mjs';
import { watch } from './guard.mjs';
import { Inspector } from './inspector.mjs';
import { address } from './origins.mjs';

/** How long one step may take, in milliseconds: these machines are small and busy. */
const PATIENCE = 30_000;

/** The ways to give a file to the page. */
export const WAYS = ['drop', 'choose'];

/**
 * Opens the page, hands it to `use`, and sees that it did nothing that it must not do.
 * `quiet: false` leaves that to the caller, `hash` is the fragment of the address.
 */
export async function inspect({ origin = 'file', hash = '', quiet = true, ...options }, use) {
  const browser = await running();
  const context = await browser.newContext({ locale: 'en-US', acceptDownloads: true, ...options });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    const url = `${await address(origin)}${hash}`;
    const guard = await watch(context, page, url);
    await page.goto(url);
    const inspector = new Inspector(context, page, guard);
    await inspector.ready();
    const result = await use(inspector);
    if (quiet) await guard.check();
    return result;
  } finally {
    await context.close();
  }
}
