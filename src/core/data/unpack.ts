import { Gunzip } from 'fflate/browser';
import { Decompress } from 'fzstd';

/** So many bytes may come out of one compressed file. */
const mostBytes = 512 << 20;

/** The bytes of a compressed file, or the sentence that says why there are none. */
export type Unpacked = { readonly bytes: Uint8Array } | { readonly damage: string };

/** Unpacks a gzip or Zstandard file as far as the bounds allow; never throws for what stands in it. */
export function unpack(packed: Uint8Array, packing: 'gz' | 'zst', most = mostBytes): Unpacked {
  const parts: Uint8Array[] = [];
  let size = 0;
  const take = (part: Uint8Array): void => {
    size += part.length;
    if (size > most) throw new TooMuch();
    // What is handed over may be a view of a buffer that is used again.
    parts.push(part.slice());
  };
  const end = { isSeen: false };
  // The library takes a few bytes of anything for the end of a file.
  if (packing === 'gz' && !(packed[0] === 0x1f && packed[1] === 0x8b)) return { damage: 'it is no gzip file' };
  try {
    const stream =
      packing === 'gz'
        ? new Gunzip((part, isLast) => {
            end.isSeen ||= isLast === true;
            take(part);
          })
        : new Decompress((part) => take(part));
    // In small pieces, so that a bomb is noticed before it is large.
    for (let at = 0; at < packed.length; at += 1 << 16) stream.push(packed.subarray(at, at + (1 << 16)), at + (1 << 16) >= packed.length);
    if (packing === 'gz' && !end.isSeen) return { damage: 'it ends too early' };
  } catch (error) {
    if (error instanceof TooMuch) return { damage: `it holds more than ${Math.round(most / (1 << 20))} MB when unpacked` };
    return { damage: error instanceof Error && error.message !== '' ? error.message : 'it is damaged' };
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes };
}

class TooMuch extends Error {}
