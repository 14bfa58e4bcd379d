import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';

/** Where the text of a file begins: behind UTF-8's byte order mark, if there is one. */
export function skipByteOrderMark(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** What makes a file no UTF-8 text at all, such as another encoding's byte order mark or zero bytes. */
export function encodingProblem(bytes: Uint8Array, path: string): Problem | undefined {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return toProblem('file-undecodable', 'This file is UTF-16; save it as UTF-8 to have it read.', path);
  if (bytes.subarray(0, 8192).includes(0)) return toProblem('file-undecodable', 'This file is not text: it holds zero bytes.', path);
  return undefined;
}

/** The text of some bytes, and the offset of the first that is not UTF-8; those are replaced by `�`. */
export function decodeBlock(bytes: Uint8Array, start: number, end: number): { readonly text: string; readonly broken?: number } {
  const block = bytes.subarray(start, end);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(block) };
  } catch {
    return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(block), broken: start + findBroken(block) };
  }
}

/** The offset of the first byte that begins no character. */
function findBroken(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at] as number;
    const length =
      lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
    if (length === 0) return at;
    for (let i = 1; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return at;
    at += length;
  }
  return 0;
}
