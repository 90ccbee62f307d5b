// Files to open: the named stores, and files that are no stores.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { join } from 'node:path';
import { folder, scratch } from './built.mjs';

const stores = join(folder, 'fixtures');

/** The path of a named store. */
export const fixture = (name) => join(stores, `${name}.gs`);

/** All of them: [name, path]. */
export function fixtures() {
  const names = readdirSync(stores).filter((name) => name.endsWith('.gs')).sort();
  if (names.length < 20) throw new Error(`only ${names.length} stores in ${stores}`);
  return names.map((name) => [name.slice(0, -3), join(stores, name)]);
}

function made(name, bytes) {
  const path = join(scratch('files'), name);
  writeFileSync(path, bytes);
  return path;
}

/** A file of that name with these bytes. */
export const file = made;

/** The head of a JPEG, and noise. */
export function jpeg() {
  const head = Buffer.from('ffd8ffe000104a46494600010101004800480000ffdb004300', 'hex');
  const noise = deflateSync(Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * i) % 251)));
  return made('holiday.jpg', Buffer.concat([head, noise, Buffer.from('ffd9', 'hex')]));
}

/** A file without a byte. */
export const empty = () => made('empty', Buffer.alloc(0));
