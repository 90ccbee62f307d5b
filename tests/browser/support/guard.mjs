// What a page must never do, whatever is done with it: ask for anything but itself, run into an
// error, be refused something by its own policy, open a dialog or a window, navigate, or take in
// an element that its own code does not make.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

/** Elements that the page never makes. */
const FOREIGN = 'img, iframe, object, embed, base, form, link, meta, video, audio, math, marquee';

/** Runs in the page before everything else: collects what is not visible from outside. */
function sentinel(foreign) {
  const seen = [];
  const scripts = [];
  Object.assign(window, { __seen: seen, __scripts: scripts });
  document.addEventListener('securitypolicyviolation', (event) => {
    seen.push(`policy: ${event.effectiveDirective} refused ${event.blockedURI}`);
  });
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        // Its text may come in later: over the network the document is parsed piece by piece.
        if (node.localName === 'script' && !node.type) scripts.push(node);
      }
    }
    // Until the document is there, its own parts come in.
    if (document.readyState !== 'complete') return;
    for (const { addedNodes, type, target, attributeName } of changes) {
      if (type === 'attributes' && attributeName.startsWith('on')) {
        seen.push(`attribute: ${target.localName} ${attributeName}`);
      }
      for (const node of addedNodes) {
        if (node.nodeType !== 1) continue;
        for (const element of [node, ...node.querySelectorAll('*')]) {
          // A script is looked at by its text; one inside of something has no business there.
          const inner = element !== node && element.localName === 'script';
          if (inner || element.matches(foreign)) seen.push(`element: ${element.outerHTML.slice(0, 80)}`);
          for (const { name } of element.attributes) {
            if (name.startsWith('on')) seen.push(`attribute: ${element.localName} ${name}`);
          }
        }
      }
    }
  }).observe(document, { childList: true, subtree: true, attributes: true });
}

/** Begins to watch; call it before the page is loaded. */
export async function watch(context, page, address) {
  const requests = [];
  const trouble = [];
  const own = address.split('#')[0];
  let loaded = 0;
  context.on('request', (request) => requests.push(request.url()));
  page.on('websocket', (socket) => requests.push(socket.url()));
  context.on('page', (other) => other !== page && trouble.push(`window: ${other.url()}`));
  page.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on('pageerror', (error) => trouble.push(`error: ${error.stack ?? error}`));
  page.on('crash', () => trouble.push('crash'));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      trouble.push(`console: ${message.text()} ${message.location().url ?? ''}`);
    }
  });
  page.on('frameattached', () => trouble.push('a frame'));
  page.on('framenavigated', (frame) => {
    const [path] = frame.url().split('#');
    // The first is the load; later ones may only change the fragment.
    if (path !== own) trouble.push(`navigated to ${frame.url()}`);
  });
  page.on('load', () => {
    loaded += 1;
    if (loaded > 1) trouble.push('loaded again');
  });
  // The protocol's own view, with what never becomes a request of the page.
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  session.on('Network.requestWillBeSent', ({ request }) => requests.push(request.url));
  session.on('Network.webSocketCreated', ({ url }) => requests.push(url));
  session.on('Network.webTransportCreated', ({ url }) => requests.push(url));
  await page.addInitScript(sentinel, FOREIGN);

  const foreign = () => {
    const known = (url) => url === own || url.split('#')[0] === own || /^(blob|data):/.test(url);
    return [...new Set(requests.filter((url) => !known(url)))];
  };
  return {
    requests,
    foreign,
    trouble,
    /** What the page itself noticed. */
    seen: () => page.evaluate(() => window.__seen),
    /** Nothing of all that happened. */
    async check() {
      assert.deepEqual(foreign(), [], 'requests other than the page and its own blobs');
      assert.deepEqual(trouble, []);
      if (page.isClosed()) return;
      assert.deepEqual(await this.seen(), []);
      const { scripts, policy } = await page.evaluate(() => ({
        scripts: window.__scripts.map(({ textContent }) => textContent),
        policy: document.querySelector('meta[http-equiv]')?.content ?? '',
      }));
      for (const script of scripts) {
        const hash = createHash('sha256').update(script).digest('base64');
        assert.ok(policy.includes(`'sha256-${hash}'`), `a script that the page did not bring: ${script.slice(0, 80)}`);
      }
    },
  };
}
