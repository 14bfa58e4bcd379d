/** The sections of a cache in one file: a line of numbers that tells its version, its sum and how long each section is, then the sections. */
export function joinSections(version: string, sections: readonly Uint8Array[]): Uint8Array {
  const padded = (length: number) => (length + 3) & ~3;
  const body = new Uint8Array(sections.reduce((sum, section) => sum + padded(section.length), 0));
  let at = 0;
  for (const section of sections) {
    body.set(section, at);
    at += padded(section.length);
  }
  const head = JSON.stringify([version, sumOf(body), ...sections.map((section) => section.length)]);
  const line = new TextEncoder().encode(`${head.padEnd(padded(head.length + 1) - 1)}\n`);
  const file = new Uint8Array(line.length + body.length);
  file.set(line);
  file.set(body, line.length);
  return file;
}

/** The sections of a cache file; undefined where it is of another version, or not as it was written. */
export function splitSections(version: string, file: Uint8Array): readonly Uint8Array[] | undefined {
  const end = file.subarray(0, 4096).indexOf(10);
  if (end === -1) return undefined;
  const head = findJson(new TextDecoder().decode(file.subarray(0, end)));
  if (!Array.isArray(head) || head[0] !== version) return undefined;
  const [, sum, ...lengths] = head as readonly number[];
  const body = file.subarray(end + 1);
  if (sumOf(body) !== sum) return undefined;
  const sections: Uint8Array[] = [];
  let at = 0;
  for (const length of lengths) {
    if (!Number.isInteger(length) || at + length > body.length) return undefined;
    sections.push(body.subarray(at, at + length));
    at += (length + 3) & ~3;
  }
  return at === body.length ? sections : undefined;
}

function findJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Tells whole files from damaged ones; four bytes at a time, as these files are large. */
function sumOf(bytes: Uint8Array): number {
  const isAligned = bytes.byteOffset % 4 === 0;
  const whole = isAligned ? bytes : bytes.slice();
  const words = new Uint32Array(whole.buffer, whole.byteOffset, whole.length >> 2);
  let sum = 0x811c9dc5 ^ bytes.length;
  for (let at = 0; at < words.length; at++) sum = Math.imul(sum ^ (words[at] as number) ^ (sum >>> 15), 0x01000193);
  for (const byte of whole.subarray(words.length * 4)) sum = Math.imul(sum ^ byte, 0x01000193);
  return sum >>> 0;
}
