import type { SqlType } from './types.ts';

/** The bits of the integers that are named; all others have 64. */
const widths: Readonly<Record<string, number | undefined>> = {
  __proto__: null as never,
  ...Object.fromEntries('tinyint byte utinyint uint8'.split(' ').map((name) => [name, 8])),
  ...Object.fromEntries('smallint int2 short int16 smallserial usmallint uint16'.split(' ').map((name) => [name, 16])),
  ...Object.fromEntries('int integer int4 int32 serial mediumint signed uinteger uint32'.split(' ').map((name) => [name, 32])),
  ...Object.fromEntries('hugeint uhugeint int128 uint128'.split(' ').map((name) => [name, 128])),
};

/** How many bits a type of integers has. */
export function widthOf(type: SqlType): number {
  return widths[headOf(type) ?? ''] ?? 64;
}

/** The first word of a type as written: `numeric` of `numeric(10,2)`. */
export function headOf(type: SqlType): string | undefined {
  return type.text === undefined ? undefined : /^[a-z_]\w*(?: precision| varying)?/.exec(type.text)?.[0];
}
