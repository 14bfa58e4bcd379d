import type { Storage } from './portable.ts';
import type { Expression, SortKey, Window } from './tree.ts';

/** What DuckDB has no words for; its message is the refusal. */
export class Unwritable extends Error {}

/** A written expression with where its value lies. */
export interface Piece {
  readonly sql: string;
  readonly storage: Storage | 'unknown';
  /** Set on integers that DuckDB may hold in 32 bits: arithmetic over nothing else could overflow. */
  readonly narrow?: boolean;
  /** Set where an operator stands outside of brackets. */
  readonly loose?: boolean;
  /** The text of a constant. */
  readonly constant?: string;
  /** A function of ours that was called: it gives a number instead of text when it is named otherwise. */
  readonly called?: { readonly name: string; readonly args: string };
}

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
export const named = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`;

const reserved = new Set(
  'all analyse analyze and any array as asc asymmetric at authorization binary both by case cast check collate collation column concurrently constraint create cross default deferrable describe desc distinct do else end except exclude false fetch filter first following for foreign freeze from full generated glob grant group groups having ilike in initially inner intersect interval into is isnull join lambda last lateral leading left like limit map natural not notnull null nulls of offset on only or order others outer over overlaps partition pivot pivot_longer pivot_wider placing positional preceding primary qualify range references replace returning right row rows sample select semi anti asof set show similar some struct summarize symmetric table tablesample then ties to trailing true try_cast unbounded union unique unpack unpivot using values variadic verbose when where window with columns current date time timestamp values value key'.split(
    ' ',
  ),
);

export const bracket = (piece: Piece): string => (piece.loose === true ? `(${piece.sql})` : piece.sql);

const isDate = /^-?\d{4,}-\d\d-\d\d$/;
const isMoment = /^-?\d{4,}-\d\d-\d\d( \d\d:\d\d:\d\d(\.\d+)?)?$/;

/** The piece where its value has to lie somewhere else. */
export function convert(piece: Piece, target: Storage): Piece {
  const { storage } = piece;
  if (storage === target || target === 'null') return piece;
  if (storage === 'null') return piece;
  const done = (sql: string): Piece => ({ sql, storage: target });
  const cast = (type: string): Piece => done(`cast(${piece.sql} as ${type})`);
  const { called } = piece;
  switch (target) {
    case 'integer':
      if (storage === 'float') return done(`cast(trunc(${piece.sql}) as bigint)`);
      if (storage === 'item' && called !== undefined) return done(`cast(hwi_${called.name}(${called.args}) as bigint)`);
      return cast('bigint');
    case 'float':
      if (piece.constant !== undefined && storage === 'integer') return { ...done(`${piece.constant}e0`), constant: piece.constant };
      if (storage === 'item' && called !== undefined) return done(`hwn_${called.name}(${called.args})`);
      return storage === 'boolean' ? done(`cast(cast(${piece.sql} as integer) as double)`) : cast('double');
    case 'boolean':
      if (piece.constant !== undefined && storage === 'integer')
        return { ...done(Number(piece.constant) === 0 ? 'false' : 'true'), constant: piece.constant };
      if (storage === 'item' && called !== undefined) return { ...done(`hwn_${called.name}(${called.args}) <> 0`), loose: true };
      return storage === 'integer' || storage === 'float' ? { ...done(`${bracket(piece)} <> 0`), loose: true } : cast('boolean');
    case 'text':
    case 'item':
      if (storage === 'text' || storage === 'item') return { ...piece, storage: target };
      if (storage === 'boolean') return done(`cast(cast(${piece.sql} as integer) as varchar)`);
      return storage === 'bytes' ? done(`decode(${piece.sql})`) : cast('varchar');
    case 'date':
      if (piece.constant !== undefined && storage === 'text' && isDate.test(piece.constant)) return done(`date ${quoted(piece.constant)}`);
      return cast('date');
    case 'timestamp':
      if (piece.constant !== undefined && storage === 'text' && isMoment.test(piece.constant))
        return done(`timestamp ${quoted(piece.constant)}`);
      return cast('timestamp');
    case 'bytes':
      if (storage === 'item' && called !== undefined) return done(`unhex(hwy_${called.name}(${called.args}))`);
      return storage === 'unknown' ? cast('blob') : done(`encode(${convert(piece, 'text').sql})`);
    default:
      return piece;
  }
}

/** The piece as it fills a column: exactly as its type says, and never in fewer than 64 bits. */
export function store(piece: Piece, target: Storage): Piece {
  if (piece.storage === 'null') return { sql: `cast(null as ${typeNames[target]})`, storage: target };
  const converted = convert(piece, target);
  if (target === 'integer' && converted.narrow === true) return { sql: `cast(${converted.sql} as bigint)`, storage: 'integer' };
  return target === 'text' ? { ...converted, storage: 'text' } : converted;
}

export const typeNames: Readonly<Record<Storage, string>> = {
  integer: 'bigint',
  float: 'double',
  boolean: 'boolean',
  text: 'varchar',
  item: 'varchar',
  date: 'date',
  timestamp: 'timestamp',
  bytes: 'blob',
  null: 'varchar',
};

const isText = (piece: Piece): boolean => piece.storage === 'text' || piece.storage === 'item';

const rank: Readonly<Record<string, number>> = {
  null: 0,
  item: 1,
  text: 2,
  bytes: 3,
  boolean: 4,
  integer: 5,
  float: 6,
  date: 7,
  timestamp: 8,
};

/** Where the values of several branches or both sides of a comparison can lie together. */
export function commonStorage(pieces: readonly Piece[]): Storage {
  let common: Storage = 'null';
  for (const { storage } of pieces) if (storage !== 'unknown' && (rank[storage] ?? 0) > (rank[common] ?? 0)) common = storage;
  // A date beside a text that is none is meant as text.
  if ((common === 'date' || common === 'timestamp') && pieces.some((piece) => isText(piece) && !isMoment.test(piece.constant ?? '')))
    return 'text';
  return common;
}

/** The pieces brought together; what nobody knows is left to DuckDB. */
export function together(pieces: readonly Piece[]): Piece[] {
  const common = commonStorage(pieces);
  return pieces.map((piece) =>
    piece.storage === 'unknown' || (common === 'float' && piece.storage === 'integer') ? piece : convert(piece, common),
  );
}

/** A value as an argument of a function of ours: a number, text or bytes, which is all that DuckDB in WebAssembly hands over. */
export function argument(piece: Piece): string {
  switch (piece.storage) {
    case 'null':
      return 'cast(null as varchar)';
    case 'integer':
      return piece.constant === undefined ? `cast(${piece.sql} as double)` : `${piece.constant}e0`;
    case 'float':
    case 'bytes':
    case 'text':
    case 'item':
      return piece.sql;
    case 'boolean':
      return `cast(${piece.sql} as integer)`;
    default:
      return `cast(${piece.sql} as varchar)`;
  }
}

/** A piece that arithmetic can take. */
export function toNumber(piece: Piece): Piece {
  switch (piece.storage) {
    case 'boolean':
      return { sql: `cast(${piece.sql} as bigint)`, storage: 'integer' };
    case 'text':
    case 'item':
      return convert(piece, 'float');
    default:
      return piece;
  }
}

/** What the writers of calls ask of the writer of everything. */
export interface Writing {
  expression(expression: Expression): Piece;
  condition(expression: Expression): string;
  sortKey(key: SortKey): string;
  /** What stands behind an aggregate or a window function. */
  tail(filter: Expression | undefined, over: Window | undefined): string;
}
