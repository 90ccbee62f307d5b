// CRC-32C as a store of version 16 has it: continued from the timestamp, over the body.

const table = new Uint32Array(8 * 256);
for (let byte = 0; byte < 256; byte++) {
  let register = byte;
  for (let bit = 0; bit < 8; bit++) register = (register >>> 1) ^ (register & 1 ? 0x82f63b78 : 0);
  table[byte] = register;
}
for (let at = 256; at < table.length; at++) {
  table[at] = (table[at - 256] >>> 8) ^ table[table[at - 256] & 255];
}

/** The checksum of `bytes`, continued from `seed`. */
export function crc32c(seed, bytes) {
  let crc = ~seed;
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    crc ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    crc =
      table[1792 + (crc & 255)] ^ table[1536 + ((crc >>> 8) & 255)]
      ^ table[1280 + ((crc >>> 16) & 255)] ^ table[1024 + (crc >>> 24)]
      ^ table[768 + bytes[at + 4]] ^ table[512 + bytes[at + 5]]
      ^ table[256 + bytes[at + 6]] ^ table[bytes[at + 7]];
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ table[(crc ^ bytes[at]) & 255];
  return ~crc >>> 0;
}
