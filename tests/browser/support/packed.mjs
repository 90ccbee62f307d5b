// The page's file as text, and what is packed in it: 95 bits in six characters; first the wasm that
// unpacks, then one stream of LZMA.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { html } from './built.mjs';

/** The document as a browser has it: without the mark of the order of bytes. */
export function text() {
  const bytes = readFileSync(html);
  assert.equal(bytes.readUInt16LE(0), 0xfeff, 'UTF-16, least significant byte first');
  return bytes.toString('utf16le', 2);
}

function decoded(characters) {
  let bits = 0n;
  let held = 0n;
  const out = [];
  for (const [group] of characters.matchAll(/.{6}/gsu)) {
    const units = [...group].map((character) => character.charCodeAt(0));
    const digits = units.map((unit) => BigInt((unit >> 11) - (unit >> 11 > 0xd800 >> 11 ? 2 : 1)));
    held |= digits.reduceRight((number, digit) => number * 29n + digit, 0n) << bits;
    units.forEach((unit, place) => {
      held |= BigInt(unit & 0x7ff) << (bits + BigInt(29 + 11 * place));
    });
    for (bits += 95n; bits >= 8n; bits -= 8n) {
      out.push(Number(held & 255n));
      held >>= 8n;
    }
  }
  return Buffer.from(out);
}

/** The parts of a page, name → bytes; and what they take when packed. */
export function packed(document) {
  const [, sizes, characters] =
    document.match(/<script type="application\/octet-stream" id="packed" data-sizes="([^"]*)">([^<]*)<\/script>/);
  assert.match(characters, /^[\u0800-\ud7ff\ue000-\uf7ff]*$/, 'nothing that anything would change');
  const [first, ...rest] = sizes.split(' ').map((part) => part.split(':'));
  const bytes = decoded(characters);
  const unpack = bytes.subarray(0, Number(first[1]));
  const stream = bytes.subarray(unpack.length);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(unpack));
  const place = exports.room(stream.length);
  Buffer.from(exports.memory.buffer).set(stream, place);
  const unpacking = exports.unpack(place, stream.length);
  const parts = new Map([[first[0], unpack]]);
  for (const [name, size] of rest) {
    const room = exports.room(Number(size));
    assert.ok(exports.fill(unpacking, room, Number(size)), name);
    parts.set(name, Buffer.from(exports.memory.buffer.slice(room, room + Number(size))));
  }
  return { parts, stream: stream.length, characters: characters.length };
}
