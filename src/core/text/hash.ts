/** A 106-bit content hash (cyrb53 twice) with the length in front: tells contents apart, and keeps no secrets. */
export function toHash(content: Uint8Array | string): string {
  return `${content.length.toString(36)}-${hash53(content, 0x9e3779b9)}-${hash53(content, 0x85ebca6b)}`;
}

function hash53(content: Uint8Array | string, seed: number): string {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  const text = typeof content === 'string';
  for (let i = 0; i < content.length; i++) {
    const unit = text ? content.charCodeAt(i) : (content[i] as number);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36);
}
