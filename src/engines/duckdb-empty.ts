/** What an empty database of DuckDB 1.x holds besides zeros: its three headers, with their checksums. */
const pieces: readonly (readonly [offset: number, hex: string])[] = [
  [0, '06d76f27c2dab3b94455434b40'],
  [52, '76312e352e35'],
  [84, '64386364616133336664'],
  [4096, 'a51c8ce103e713c1'],
  [4112, 'ffffffffffffffffffffffffffffffff'],
  [4138, '040000000000000800000000000001'],
  [4180, '64386364616133336664'],
  [8192, 'a51c8ce103e713c1'],
  [8208, 'ffffffffffffffffffffffffffffffff'],
  [8234, '040000000000000800000000000001'],
  [8276, '64386364616133336664'],
];

/** The bytes of a new database: DuckDB in WebAssembly cannot make a file, but goes on with an empty one. */
export function emptyDatabase(): Uint8Array {
  const bytes = new Uint8Array(12_288);
  for (const [offset, hex] of pieces)
    for (let i = 0; i < hex.length; i += 2) bytes[offset + i / 2] = Number.parseInt(hex.slice(i, i + 2), 16);
  return bytes;
}
