// Starts Chromium.

import { chromiumProgram, load, scratch } from './built.mjs';

const { chromium } = load('playwright-core');

const FLAGS = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-default-apps',
];

/** Starts it; whoever starts it ends it. */
export function start(flags = []) {
  return chromium.launch({
    executablePath: chromiumProgram,
    // Its sandbox needs another user than root.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [...FLAGS, ...flags],
    downloadsPath: scratch('downloads'),
  });
}
