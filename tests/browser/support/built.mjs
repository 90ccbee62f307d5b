// What `cargo xtask browser` has built and installed, and where it is.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { mkdirSync } from 'node:fs';

const set = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run these tests by \`cargo xtask browser\``);
  return value;
};

/** Where the npm packages, the fixtures and everything that tests write are. */
export const folder = set('FULGURITE_BROWSER');

/** The inspector, one HTML file. */
export const html = set('FULGURITE_HTML');

/** The native command. */
export const native = set('FULGURITE_NATIVE');

/** Programs of browsers. */
export const chromiumProgram = process.env.FULGURITE_CHROMIUM || '/usr/bin/chromium';
export const firefoxProgram = process.env.FULGURITE_FIREFOX || '/usr/bin/firefox-esr';

/** Loads an npm package from that folder, which no lock file of the repository knows. */
export const load = createRequire(join(folder, 'x.js'));

/** A folder for what one subject writes. */
export function scratch(name) {
  const path = join(folder, 'scratch', name);
  mkdirSync(path, { recursive: true });
  return path;
}
