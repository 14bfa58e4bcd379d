import { toUtf8 } from '../jinja/bytes.ts';

const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const constants = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);

/** The MD5 of a text's UTF-8 bytes, in hexadecimal: what `local_md5` gives. */
export function md5(text: string): string {
  const bytes = toUtf8(text);
  const blocks = ((bytes.length + 8) >> 6) + 1;
  const words = new Int32Array(blocks * 16);
  for (const [i, byte] of bytes.entries()) words[i >> 2] = (words[i >> 2] ?? 0) | (byte << ((i % 4) * 8));
  words[bytes.length >> 2] = (words[bytes.length >> 2] ?? 0) | (0x80 << ((bytes.length % 4) * 8));
  words[blocks * 16 - 2] = bytes.length * 8;
  let state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let block = 0; block < words.length; block += 16) state = mix(state, words.subarray(block, block + 16));
  return state.map(littleEndian).join('');
}

function mix(state: readonly number[], words: Int32Array): number[] {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (let i = 0; i < 64; i++) {
    const round = i >> 4;
    let f: number;
    let at: number;
    if (round === 0) [f, at] = [(b & c) | (~b & d), i];
    else if (round === 1) [f, at] = [(d & b) | (~d & c), (5 * i + 1) % 16];
    else if (round === 2) [f, at] = [b ^ c ^ d, (3 * i + 5) % 16];
    else [f, at] = [c ^ (b | ~d), (7 * i) % 16];
    const sum = (a + f + (constants[i] ?? 0) + (words[at] ?? 0)) | 0;
    const shift = shifts[round * 4 + (i % 4)] ?? 0;
    [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
  }
  return [a, b, c, d].map((word, i) => (word + (state[i] ?? 0)) | 0);
}

function littleEndian(word: number): string {
  return [0, 8, 16, 24].map((shift) => ((word >>> shift) & 255).toString(16).padStart(2, '0')).join('');
}
