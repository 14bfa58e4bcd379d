import type { ValueType } from '../value-type.ts';

/** How a value lies in DuckDB; `item` is text whose value is a number, a text or JSON, as the place where it is used says. */
export type Storage = 'integer' | 'float' | 'boolean' | 'text' | 'item' | 'date' | 'timestamp' | 'bytes' | 'null';

/** Separates the items of an array on their way from a function of ours into rows. */
export const itemSeparator = '\uE010';
/** Stands for a NULL among them. */
export const itemNull = '\uE011';

const open = '\uE000';
const close = '\uE001';
const codes: Readonly<Record<string, Storage>> = {
  i: 'integer',
  f: 'float',
  b: 'boolean',
  s: 'text',
  d: 'date',
  t: 'timestamp',
  y: 'bytes',
  z: 'null',
};

/** Where columns of a type lie in DuckDB: scalars as its own, what has a shape of its own as JSON text, intervals and times as text. */
export function storageOf(type: ValueType): Storage {
  switch (type.kind) {
    case 'integer':
    case 'float':
    case 'boolean':
    case 'date':
    case 'timestamp':
    case 'bytes':
    case 'null':
      return type.kind;
    case 'decimal':
      return 'float';
    case 'timestamptz':
      return 'timestamp';
    default:
      return 'text';
  }
}

const codeOf = (type: ValueType): string => Object.keys(codes).find((code) => codes[code] === storageOf(type)) ?? 's';

const isConstant = (sql: string): boolean =>
  /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(sql) || /^'(?:[^']|'')*'$/.test(sql) || /^null$/i.test(sql);

/** Marks a piece of portable SQL with where its value lies; constants stay as they are, because the emitters look at them. */
export function mark(sql: string, type: ValueType): string {
  if (type.kind === 'unknown' || isConstant(sql) || isMarked(sql, codeOf(type))) return sql;
  return `${open}${codeOf(type)}${sql}${close}`;
}

/** Whether one mark goes around the whole of it already. */
function isMarked(sql: string, code: string): boolean {
  if (!sql.startsWith(open + code) || !sql.endsWith(close)) return false;
  let depth = 0;
  for (let i = 0; i < sql.length; i++) {
    if (sql[i] === open) depth++;
    else if (sql[i] === close && --depth === 0) return i === sql.length - 1;
  }
  return false;
}

/** Marks what a column of a result is filled with: it has to lie as its type says, constants included. */
export function markStored(sql: string, type: ValueType): string {
  return `${open}=${codeOf(type)}${sql}${close}`;
}

export type Token =
  | { readonly kind: 'number' | 'text' | 'name' | 'quoted' | 'symbol'; readonly text: string }
  | { readonly kind: 'open'; readonly storage: Storage; readonly exact: boolean; readonly text: string }
  | { readonly kind: 'close'; readonly text: string };

const pattern =
  /\s+|(0[xX][0-9a-fA-F]+|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|'((?:[^']|'')*)'|"((?:[^"]|"")*)"|([A-Za-z_][A-Za-z_0-9]*)|(->>|->|\|\||<=|>=|<>|<<|>>|!=|[-+*/%&|~<>=(),.])|\uE000(=?)([a-z])|(\uE001)/gy;

/** The tokens of SQL as the emitters write it. */
export function readTokens(sql: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < sql.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(sql);
    if (match === null) throw new Error(`no token of portable SQL: ${sql.slice(at, at + 40)}`);
    const [, number, text, quoted, name, symbol, exact, code, end] = match;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (text !== undefined) tokens.push({ kind: 'text', text: text.replaceAll("''", "'") });
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.replaceAll('""', '"') });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol });
    else if (code !== undefined) tokens.push({ kind: 'open', storage: codes[code] ?? 'text', exact: exact === '=', text: '' });
    else if (end !== undefined) tokens.push({ kind: 'close', text: '' });
  }
  return tokens;
}
