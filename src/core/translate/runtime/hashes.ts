/** Hash functions over UTF-8 text or bytes, written out because SQL calls them synchronously and everywhere, also in browsers. */
const encoder = new TextEncoder();

export function toBytes(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string' ? encoder.encode(value) : value;
}

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

/** The message padded to whole blocks with its bit length at the end. */
function padded(input: Uint8Array, block: number, little: boolean): DataView {
  const tail = block === 128 ? 17 : 9;
  const length = Math.ceil((input.length + tail) / block) * block;
  const bytes = new Uint8Array(length);
  bytes.set(input);
  bytes[input.length] = 0x80;
  const view = new DataView(bytes.buffer);
  const bits = BigInt(input.length) * 8n;
  view.setBigUint64(length - 8, bits, little);
  return view;
}

const md5Shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const md5Sines = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);

export function md5(input: Uint8Array): Uint8Array {
  const view = padded(input, 64, true);
  let [a0, b0, c0, d0] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let offset = 0; offset < view.byteLength; offset += 64) {
    let [a, b, c, d] = [a0, b0, c0, d0];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const [f, g] =
        round === 0
          ? [(b & c) | (~b & d), i]
          : round === 1
            ? [(d & b) | (~d & c), (5 * i + 1) & 15]
            : round === 2
              ? [b ^ c ^ d, (3 * i + 5) & 15]
              : [c ^ (b | ~d), (7 * i) & 15];
      const sum = (a + f + (md5Sines[i] ?? 0) + view.getInt32(offset + g * 4, true)) | 0;
      [a, d, c, b] = [d, c, b, (b + rotate(sum, md5Shifts[round * 4 + (i & 3)] ?? 0)) | 0];
    }
    [a0, b0, c0, d0] = [(a0 + a) | 0, (b0 + b) | 0, (c0 + c) | 0, (d0 + d) | 0];
  }
  const result = new DataView(new ArrayBuffer(16));
  for (const [i, word] of [a0, b0, c0, d0].entries()) result.setInt32(i * 4, word, true);
  return new Uint8Array(result.buffer);
}

export function sha1(input: Uint8Array): Uint8Array {
  const view = padded(input, 64, false);
  const state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0];
  const words = new Int32Array(80);
  for (let offset = 0; offset < view.byteLength; offset += 64) {
    for (let i = 0; i < 16; i++) words[i] = view.getInt32(offset + i * 4);
    for (let i = 16; i < 80; i++)
      words[i] = rotate((words[i - 3] ?? 0) ^ (words[i - 8] ?? 0) ^ (words[i - 14] ?? 0) ^ (words[i - 16] ?? 0), 1);
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
    for (let i = 0; i < 80; i++) {
      const [f, k] =
        i < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : i < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : i < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6];
      const next = (rotate(a, 5) + f + e + k + (words[i] ?? 0)) | 0;
      [e, d, c, b, a] = [d, c, rotate(b, 30), a, next];
    }
    for (const [i, word] of [a, b, c, d, e].entries()) state[i] = ((state[i] ?? 0) + word) | 0;
  }
  const result = new DataView(new ArrayBuffer(20));
  for (const [i, word] of state.entries()) result.setInt32(i * 4, word);
  return new Uint8Array(result.buffer);
}

const primes = ((): number[] => {
  const found: number[] = [];
  for (let candidate = 2; found.length < 80; candidate++) if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  return found;
})();

/** The first 64 bits behind the point of the square or cube root of a prime. */
function rootBits(prime: number, degree: 2n | 3n): bigint {
  const scaled = BigInt(prime) << (64n * degree);
  let low = 0n;
  let high = 1n << 72n;
  while (low < high - 1n) {
    const middle = (low + high) / 2n;
    if (middle ** degree <= scaled) low = middle;
    else high = middle;
  }
  return low & 0xffffffffffffffffn;
}

const cubeRoots = primes.map((prime) => rootBits(prime, 3n));
const squareRoots = primes.slice(0, 16).map((prime) => rootBits(prime, 2n));
const cubeRoots32 = cubeRoots.map((root) => Number(root >> 32n) | 0);

/** SHA-256, and SHA-224 with its own start values. */
export function sha256(input: Uint8Array, short = false): Uint8Array {
  const view = padded(input, 64, false);
  const state = short
    ? squareRoots.slice(8, 16).map((root) => Number(root & 0xffffffffn) | 0)
    : squareRoots.slice(0, 8).map((root) => Number(root >> 32n) | 0);
  const words = new Int32Array(64);
  const right = (value: number, by: number): number => (value >>> by) | (value << (32 - by));
  for (let offset = 0; offset < view.byteLength; offset += 64) {
    for (let i = 0; i < 16; i++) words[i] = view.getInt32(offset + i * 4);
    for (let i = 16; i < 64; i++) {
      const [x, y] = [words[i - 15] ?? 0, words[i - 2] ?? 0];
      words[i] =
        ((words[i - 16] ?? 0) +
          (right(x, 7) ^ right(x, 18) ^ (x >>> 3)) +
          (words[i - 7] ?? 0) +
          (right(y, 17) ^ right(y, 19) ^ (y >>> 10))) |
        0;
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    for (let i = 0; i < 64; i++) {
      const first = (h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + ((e & f) ^ (~e & g)) + (cubeRoots32[i] ?? 0) + (words[i] ?? 0)) | 0;
      const second = ((right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    }
    for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = ((state[i] ?? 0) + word) | 0;
  }
  const result = new DataView(new ArrayBuffer(32));
  for (const [i, word] of state.entries()) result.setInt32(i * 4, word);
  return new Uint8Array(result.buffer).slice(0, short ? 28 : 32);
}

const mask = 0xffffffffffffffffn;

/** SHA-512, and SHA-384 with its own start values. */
export function sha512(input: Uint8Array, short = false): Uint8Array {
  const view = padded(input, 128, false);
  const state = short ? squareRoots.slice(8, 16) : squareRoots.slice(0, 8);
  const right = (value: bigint, by: bigint): bigint => ((value >> by) | (value << (64n - by))) & mask;
  for (let offset = 0; offset < view.byteLength; offset += 128) {
    const words: bigint[] = [];
    for (let i = 0; i < 16; i++) words.push(view.getBigUint64(offset + i * 8));
    for (let i = 16; i < 80; i++) {
      const [x, y] = [words[i - 15] ?? 0n, words[i - 2] ?? 0n];
      words.push(
        ((words[i - 16] ?? 0n) +
          (right(x, 1n) ^ right(x, 8n) ^ (x >> 7n)) +
          (words[i - 7] ?? 0n) +
          (right(y, 19n) ^ right(y, 61n) ^ (y >> 6n))) &
          mask,
      );
    }
    let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = state;
    for (let i = 0; i < 80; i++) {
      const first =
        (h + (right(e, 14n) ^ right(e, 18n) ^ right(e, 41n)) + ((e & f) ^ (~e & mask & g)) + (cubeRoots[i] ?? 0n) + (words[i] ?? 0n)) &
        mask;
      const second = ((right(a, 28n) ^ right(a, 34n) ^ right(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c))) & mask;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) & mask, c, b, a, (first + second) & mask];
    }
    for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = ((state[i] ?? 0n) + word) & mask;
  }
  const result = new DataView(new ArrayBuffer(64));
  for (const [i, word] of state.entries()) result.setBigUint64(i * 8, word);
  return new Uint8Array(result.buffer).slice(0, short ? 48 : 64);
}

/** CRC-32 as zip, MySQL and Spark compute it. */
export function crc32(input: Uint8Array): number {
  let crc = -1;
  for (const byte of input) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ -1) >>> 0;
}

const k0 = 0xc3a5c85c97cb3127n;
const k1 = 0xb492b66fbe98f273n;
const k2 = 0x9ae16a3b2f90404fn;

const ror = (value: bigint, by: bigint): bigint => (by === 0n ? value : ((value >> by) | (value << (64n - by))) & mask);
const shiftMix = (value: bigint): bigint => value ^ (value >> 47n);

function hash16(u: bigint, v: bigint, multiplier: bigint): bigint {
  let a = ((u ^ v) * multiplier) & mask;
  a ^= a >> 47n;
  let b = ((v ^ a) * multiplier) & mask;
  b ^= b >> 47n;
  return (b * multiplier) & mask;
}

/** FarmHash Fingerprint64 as a signed 64-bit integer: BigQuery's FARM_FINGERPRINT. */
export function farmFingerprint(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = (offset: number): bigint => view.getBigUint64(offset, true);
  const at32 = (offset: number): bigint => BigInt(view.getUint32(offset, true));
  return BigInt.asIntN(64, farm(bytes, at, at32));
}

function farm(bytes: Uint8Array, at: (offset: number) => bigint, at32: (offset: number) => bigint): bigint {
  const length = bytes.length;
  const size = BigInt(length);
  if (length <= 16) return farmShort(bytes, at, at32);
  const multiplier = (k2 + size * 2n) & mask;
  if (length <= 32) {
    const a = (at(0) * k1) & mask;
    const b = at(8);
    const c = (at(length - 8) * multiplier) & mask;
    const d = (at(length - 16) * k2) & mask;
    return hash16((ror((a + b) & mask, 43n) + ror(c, 30n) + d) & mask, (a + ror((b + k2) & mask, 18n) + c) & mask, multiplier);
  }
  if (length <= 64) {
    const a = (at(0) * k2) & mask;
    const b = at(8);
    const c = (at(length - 8) * multiplier) & mask;
    const d = (at(length - 16) * k2) & mask;
    const y = (ror((a + b) & mask, 43n) + ror(c, 30n) + d) & mask;
    const z = hash16(y, (a + ror((b + k2) & mask, 18n) + c) & mask, multiplier);
    const e = (at(16) * multiplier) & mask;
    const f = at(24);
    const g = ((y + at(length - 32)) * multiplier) & mask;
    const h = ((z + at(length - 24)) * multiplier) & mask;
    return hash16((ror((e + f) & mask, 43n) + ror(g, 30n) + h) & mask, (e + ror((f + a) & mask, 18n) + g) & mask, multiplier);
  }
  return farmLong(length, at);
}

function farmShort(bytes: Uint8Array, at: (offset: number) => bigint, at32: (offset: number) => bigint): bigint {
  const length = bytes.length;
  const size = BigInt(length);
  const multiplier = (k2 + size * 2n) & mask;
  if (length >= 8) {
    const a = (at(0) + k2) & mask;
    const b = at(length - 8);
    const c = (ror(b, 37n) * multiplier + a) & mask;
    const d = ((ror(a, 25n) + b) * multiplier) & mask;
    return hash16(c, d, multiplier);
  }
  if (length >= 4) return hash16((size + (at32(0) << 3n)) & mask, at32(length - 4), multiplier);
  if (length > 0) {
    const [a, b, c] = [bytes[0] ?? 0, bytes[length >> 1] ?? 0, bytes[length - 1] ?? 0];
    const y = BigInt(a + (b << 8));
    const z = BigInt(length + (c << 2));
    return (shiftMix(((y * k2) & mask) ^ ((z * k0) & mask)) * k2) & mask;
  }
  return k2;
}

function farmLong(length: number, at: (offset: number) => bigint): bigint {
  const seed = 81n;
  let x = seed;
  let y = (seed * k1 + 113n) & mask;
  let z = (shiftMix((y * k2 + 113n) & mask) * k2) & mask;
  let v: [bigint, bigint] = [0n, 0n];
  let w: [bigint, bigint] = [0n, 0n];
  x = (x * k2 + at(0)) & mask;
  const weak = (offset: number, first: bigint, second: bigint): [bigint, bigint] => {
    let a = (first + at(offset)) & mask;
    const last = at(offset + 24);
    const b = ror((second + a + last) & mask, 21n);
    const c = a;
    a = (a + at(offset + 8) + at(offset + 16)) & mask;
    return [(a + last) & mask, (b + ror(a, 44n) + c) & mask];
  };
  const end = Math.floor((length - 1) / 64) * 64;
  const last64 = end + ((length - 1) & 63) - 63;
  let offset = 0;
  do {
    x = (ror((x + y + v[0] + at(offset + 8)) & mask, 37n) * k1) & mask;
    y = (ror((y + v[1] + at(offset + 48)) & mask, 42n) * k1) & mask;
    x ^= w[1];
    y = (y + v[0] + at(offset + 40)) & mask;
    z = (ror((z + w[0]) & mask, 33n) * k1) & mask;
    v = weak(offset, (v[1] * k1) & mask, (x + w[0]) & mask);
    w = weak(offset + 32, (z + w[1]) & mask, (y + at(offset + 16)) & mask);
    [z, x] = [x, z];
    offset += 64;
  } while (offset !== end);
  const multiplier = (k1 + ((z & 0xffn) << 1n)) & mask;
  offset = last64;
  w = [(w[0] + BigInt((length - 1) & 63)) & mask, w[1]];
  v = [(v[0] + w[0]) & mask, v[1]];
  w = [(w[0] + v[0]) & mask, w[1]];
  x = (ror((x + y + v[0] + at(offset + 8)) & mask, 37n) * multiplier) & mask;
  y = (ror((y + v[1] + at(offset + 48)) & mask, 42n) * multiplier) & mask;
  x ^= (w[1] * 9n) & mask;
  y = (y + v[0] * 9n + at(offset + 40)) & mask;
  z = (ror((z + w[0]) & mask, 33n) * multiplier) & mask;
  v = weak(offset, (v[1] * multiplier) & mask, (x + w[0]) & mask);
  w = weak(offset + 32, (z + w[1]) & mask, (y + at(offset + 16)) & mask);
  [z, x] = [x, z];
  return hash16(
    (hash16(v[0], w[0], multiplier) + ((shiftMix(y) * k0) & mask) + z) & mask,
    (hash16(v[1], w[1], multiplier) + x) & mask,
    multiplier,
  );
}
