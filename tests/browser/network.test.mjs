// Whatever would run inside the page could tell nobody: every way out is tried and reaches nothing.
// From a page without a policy each of them does reach the listener, so that the trap is known to
// catch what it must.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { running } from './support/chromium.mjs';
import { inspect } from './support/inspect.mjs';
import { ORIGINS, serve } from './support/origins.mjs';
import { packed, text as document } from './support/packed.mjs';
import { NOTHING_SENT, Trap } from './support/trap.mjs';
import { CODE, WAYS_OUT } from './support/ways-out.mjs';

let trap;
before(async () => {
  trap = await Trap.set();
});
after(() => trap.close());

/**
 * Chromium opens a connection ahead of a navigation that the policy then forbids. No page can keep it
 * from that; nothing is sent on it.
 */
const AHEAD = ['iframe', 'form'];

/** Milliseconds that one way out may take, so that one that hangs is told by its name. */
const LONGEST = 60_000;

const within = (promise, milliseconds) => {
  const late = new Promise((resolve) => setTimeout(resolve, milliseconds, 'no answer').unref());
  return Promise.race([promise, late]);
};

/**
 * Tries a way out: what the page was told, and who called. With `enough` it does not wait longer
 * than until somebody has.
 */
async function attempt(page, name, enough = new Promise(() => {})) {
  const tried = page.evaluate(WAYS_OUT[name], trap.addresses).then(() => 'done', (error) => error.message);
  const told = await within(Promise.race([tried, enough]), 4000);
  await page.waitForTimeout(150);
  const ahead = (what) => AHEAD.includes(name) && what === NOTHING_SENT;
  return { told, caught: trap.caught().filter((what) => !ahead(what)) };
}

for (const origin of ORIGINS) {
  // One page for all of them: none of them gets away from it.
  test(`from the page over ${origin}`, (t) => inspect({ origin, quiet: false }, async ({ page, guard }) => {
    const [here] = page.url().split('#');
    for (const name of Object.keys(WAYS_OUT)) {
      await t.test(name, { timeout: LONGEST }, async () => {
        const { told, caught } = await attempt(page, name);
        assert.deepEqual(caught, [], `${name} reached the listener (${told})`);
        assert.equal(page.url().split('#')[0], here, 'it is still the same page');
        if (CODE.includes(name)) assert.notEqual(told, 'done');
        assert.deepEqual(guard.foreign().filter((url) => !trap.is(url)), []);
      });
    }
  }));
}

test('from a page without a policy', async (t) => {
  const { address, close } = await serve(() => '<!DOCTYPE html><title>open</title><body>open');
  const context = await (await running()).newContext();
  try {
    for (const name of Object.keys(WAYS_OUT)) {
      await t.test(name, { timeout: LONGEST }, async () => {
        const page = await context.newPage();
        await page.goto(address);
        const { told, caught } = await attempt(page, name, CODE.includes(name) ? undefined : trap.next());
        if (CODE.includes(name)) assert.equal(told, 'done');
        else assert.notDeepEqual(caught, [], `${name} reaches nothing anyway (${told})`);
        // Nothing is said of how pages close: one that goes on waiting must not end all of the tests.
        await within(page.close(), 4000);
      });
    }
  } finally {
    await within(context.close(), 4000);
    close();
  }
});

describe('the document', () => {
  const text = document();
  const head = text.slice(0, 4000);
  const { parts } = packed(text);

  test('has a policy in its head that allows no connection', () => {
    const [, policy] = head.match(/http-equiv="?Content-Security-Policy"? content="([^"]*)"/i);
    const rules = new Map(policy.split(';').map((rule) => rule.trim().split(/\s+/)).map(([name, ...values]) => [name, values]));
    assert.deepEqual(rules.get('default-src'), ["'none'"]);
    assert.deepEqual(rules.get('connect-src'), ["'none'"]);
    assert.deepEqual(rules.get('base-uri'), ["'none'"]);
    assert.deepEqual(rules.get('form-action'), ["'none'"]);
    assert.ok(!rules.get('script-src').some((value) => /unsafe-(inline|eval|hashes)|\*|https?:|blob:|data:/.test(value) && value !== "'wasm-unsafe-eval'"));
    for (const [name, values] of rules) {
      for (const value of values) assert.ok(!/^(https?:|ws|\*|'self')/.test(value), `${name} ${value}`);
    }
    // Nothing stands before it that it would not hold for.
    assert.ok(head.indexOf('Content-Security-Policy') < head.search(/<(script|style|link|img)\b/i));
  });

  test('names no address to load from', () => {
    const markup = text.replaceAll(/<script\b[^>]*>[\s\S]*?<\/script>/g, '');
    const addresses = markup.match(/\b(src|href|action|poster|ping)\s*=\s*["']?[^"' >]*/gi) ?? [];
    // An icon of its own keeps browsers from asking the server for one.
    assert.deepEqual(addresses.filter((address) => !/^href="?data:/.test(address)), []);
  });

  test('has no code that navigates or connects', () => {
    const [, boot] = text.match(/<script>([\s\S]*?)<\/script>/);
    const code = [boot, ...['glue', 'worker'].map((name) => parts.get(name).toString())];
    const forbidden = [
      /\blocation\s*(=[^=]|\.\s*(assign|replace|reload)\b|\.\s*href\s*=[^=])/,
      /\bwindow\.open\b/, /\bopen\(['"`]http/, /\bsubmit\(/, /\bXMLHttpRequest\b/, /\bWebSocket\b/,
      /\bEventSource\b/, /\bsendBeacon\b/, /\bRTCPeerConnection\b(?!')/, /\bWebTransport\b/, /\bimportScripts\b/,
      /\beval\(/, /\bnew Function\b/, /\bdocument\.write\b/, /\binsertAdjacentHTML\b/,
      /\bserviceWorker\b/, /\bpushState\b/,
    ];
    for (const source of code) {
      for (const pattern of forbidden) {
        const [found] = source.match(pattern) ?? [];
        assert.equal(found, undefined, `${found} in the page's code`);
      }
    }
  });

  // A frame without an address has globals of its own, with an RTCPeerConnection that no policy
  // forbids and that the page cannot give up. So there must be nothing that could make one.
  test('has no code that makes a frame or brings RTCPeerConnection back', () => {
    const names = /iframe|frameset|contentWindow|contentDocument|RTCPeerConnection/;
    for (const name of ['page', 'glue', 'worker', 'unpack']) {
      const [found] = parts.get(name).toString('latin1').match(names) ?? [];
      assert.equal(found, undefined, `${found} in ${name}`);
    }
  });
});
