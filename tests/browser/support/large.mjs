// A store of 200 MB as a node has it that was never compacted: about as many channels as the network
// of 2026, and their updates again and again, each marking the one before it as deleted.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from './built.mjs';
import { crc32c } from './crc32c.mjs';
import { fixture } from './stores.mjs';

/** So long is it at least. */
export const LARGE = 200_000_000;

/** So many channels it has at least. */
export const CHANNELS = 40_000;

const HEADER = 12;
const CHANNEL = 256;
const UPDATE = 258;
const AMOUNT = 4101;
const DELETED = 0x80;

/** Its path. FULGURITE_LARGE names another store to use instead. */
export function large() {
  if (process.env.FULGURITE_LARGE) return process.env.FULGURITE_LARGE;
  const path = join(folder, 'large-2.gs');
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const part = `${path}.${process.pid}`;
  writeFileSync(part, build());
  renameSync(part, path);
  return path;
}

/** The live channels of a store of version 16 and what belongs to them, each with its bytes. */
function records(bytes) {
  const found = [];
  for (let at = 1; at < bytes.length; ) {
    const len = HEADER + bytes.readUInt16BE(at + 2);
    const record = bytes.subarray(at, at + len);
    const type = record.readUInt16BE(HEADER);
    // Behind four signatures come features, their length first, and the hash of a chain.
    const features = HEADER + 2 + 4 * 64;
    let scid;
    if (type === CHANNEL) scid = features + 2 + record.readUInt16BE(features) + 32;
    if (type === UPDATE) scid = HEADER + 2 + 64 + 32;
    const live = !(record[0] & DELETED);
    if (live && [CHANNEL, UPDATE, AMOUNT].includes(type)) found.push({ type, scid, record });
    at += len;
  }
  return found;
}

function build() {
  const from = readFileSync(fixture('healthy'));
  const pattern = records(from);
  const channels = pattern.filter(({ type }) => type === CHANNEL).length;
  const updates = pattern.filter(({ type }) => type === UPDATE);
  const out = Buffer.alloc(LARGE + 2 * from.length);
  let written = from.copy(out);

  /** One record for the channels of a group: other transactions in the same blocks. */
  const put = ({ type, scid, record }, group, minutes) => {
    const made = out.subarray(written, written + record.copy(out, written));
    written += made.length;
    if (scid === undefined) return;
    made.writeUIntBE((made.readUIntBE(scid + 3, 3) + group * 7) % 2 ** 24, scid + 3, 3);
    if (type === UPDATE) {
      const time = made.readUInt32BE(scid + 8) + minutes * 60;
      made.writeUInt32BE(time, scid + 8);
      made.writeUInt32BE(time, 8);
    }
    made.writeUInt32BE(crc32c(made.readUInt32BE(8), made.subarray(HEADER)), 4);
  };

  /** Where the updates of each group stand that nothing has replaced yet. */
  const current = [];
  for (let group = 1; group * channels < CHANNELS; group++) {
    const places = [];
    for (const part of pattern) {
      if (part.type === UPDATE) places.push(written);
      put(part, group, 0);
    }
    current.push(places);
  }

  let torn = false;
  for (let minutes = 1; written < LARGE; minutes++) {
    for (const [number, places] of current.entries()) {
      if (written >= LARGE) break;
      const start = written;
      for (const [at, update] of updates.entries()) {
        out[places[at]] |= DELETED;
        places[at] = written;
        put(update, number + 1, minutes);
      }
      if (!torn && start > LARGE / 2) {
        torn = true;
        out.fill(0, start + 8192, start + 12288);
        // What was there is not to be marked any more: the zeros stay.
        current.splice(number, 1);
        break;
      }
    }
  }
  return out.subarray(0, written);
}
