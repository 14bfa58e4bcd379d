import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unpack } from '../../../src/core/data/unpack.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** What the zstd program writes for the two lines `id` and `1`. */
const zstandard = Uint8Array.from(atob('KLUv/QRYKQAAaWQKMQrtgLVy'), (letter) => letter.charCodeAt(0));

describe('unpack', () => {
  it('reads gzip, of one piece or several behind each other', () => {
    const packed = Buffer.concat([gzipSync('id\n'), gzipSync('1\n')]);
    const found = unpack(packed, 'gz');
    expect('bytes' in found && text(found.bytes)).toBe('id\n1\n');
  });

  it('reads gzip of many blocks', () => {
    const long = Array.from({ length: 200_000 }, (_, at) => `${at * 7919}\n`).join('');
    const found = unpack(gzipSync(long), 'gz');
    expect('bytes' in found && text(found.bytes) === long).toBe(true);
  });

  it('reads Zstandard', () => {
    const found = unpack(zstandard, 'zst');
    expect('bytes' in found && text(found.bytes)).toBe('id\n1\n');
  });

  it.each([
    ['gzip that is cut', gzipSync('id\n1\n').subarray(0, 12), 'gz'],
    ['Zstandard that is cut', zstandard.subarray(0, 9), 'zst'],
    ['text that is called gzip', new TextEncoder().encode('id\n1\n'), 'gz'],
    ['text that is called Zstandard', new TextEncoder().encode('id\n1\n'), 'zst'],
    ['two bytes that are called gzip', Uint8Array.of(1, 2), 'gz'],
    ['nothing that is called gzip', new Uint8Array(), 'gz'],
  ] as const)('says why of %s', (_, bytes, packing) => {
    const found = unpack(bytes, packing);
    expect(found).toEqual({ damage: expect.stringMatching(/\S/) });
  });

  it('stops where a small file holds too much', () => {
    const bomb = gzipSync(Buffer.alloc(3 << 20));
    expect(unpack(bomb, 'gz', 2 << 20)).toEqual({ damage: 'it holds more than 2 MB when unpacked' });
  });
});
