// LND's stores, as its own code wrote them, and what must stay secret in them.

import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { folder, scratch } from './built.mjs';

const root = join(folder, 'fixtures', 'lnd', 'v0.21');

/** The paths of files of a store. */
export const stores = (name, ...files) => files.map((file) => join(root, name, file));

/** The same in a folder of their own, where nothing lies beside them. */
export function alone(name, ...files) {
  const own = scratch(`lnd-${name}-${files.length}-${process.pid}`);
  return files.map((file) => {
    const path = join(own, file);
    rmSync(path, { force: true });
    copyFileSync(join(root, name, file), path);
    return path;
  });
}

/** What identifies or pays in the invoices of a store, by LND's own reading. */
export function secrets(name) {
  const { kv } = JSON.parse(readFileSync(join(root, name, 'read.json')));
  return kv.invoices.flatMap((one) => [
    one.preimage,
    one.payment_addr,
    one.payment_request,
    one.hash_of_preimage,
    Buffer.from(one.memo_hex, 'hex').toString(),
    one.memo_hex,
  ]).filter((text) => text?.length > 4);
}
