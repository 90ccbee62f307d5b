// What is packed in the page: printable text, 13 bits in two of 91 characters, of gzip.

import { gunzipSync } from 'node:zlib';

const alphabet = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at))
  .filter((character) => !'&<\\'.includes(character));
const digits = new Map(alphabet.map((character, digit) => [character, digit]));

function bytes(text) {
  const out = [];
  let [held, bits] = [0, 0];
  for (let at = 0; at < text.length; at += 2) {
    held |= (digits.get(text[at]) + (digits.get(text[at + 1]) ?? 0) * 91) << bits;
    for (bits += 13; bits >= 8; bits -= 8) {
      out.push(held & 255);
      held >>>= 8;
    }
  }
  return Buffer.from(out).subarray(0, Math.floor(((text.length >> 1) * 13 + (text.length & 1) * 6) / 8));
}

/** The data blocks of a page: name → { text, gzip, plain }, all but the first as bytes. */
export function packed(html) {
  const blocks = html.matchAll(/<script type="application\/octet-stream" id="(\w+)">([^<]*)<\/script>/g);
  return new Map([...blocks].map(([, name, text]) => {
    const gzip = bytes(text);
    return [name, { text, gzip, plain: gunzipSync(gzip) }];
  }));
}
