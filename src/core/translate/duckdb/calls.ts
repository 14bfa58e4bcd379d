import { writeAggregate } from './aggregates.ts';
import { jsonItem, jsonText } from './json-item.ts';
import { writeNative } from './native.ts';
import { argument, bracket, commonStorage, convert, type Piece, together, toNumber, Unwritable, type Writing } from './piece.ts';
import { returnedBy } from './returns.ts';
import { duckDbFunctions } from './runtime.ts';
import type { Call } from './tree.ts';

type Write = (writer: Writing, args: readonly Piece[], call: Call) => Piece;

const text = (piece: Piece | undefined): string => (piece === undefined ? "''" : convert(piece, 'text').sql);

/** Texts joined; constants beside each other are one. */
function joined(parts: readonly string[]): Piece {
  const merged: string[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (last?.endsWith("'") === true && /^'/.test(last) && /^'(?:[^']|'')*'$/.test(last) && /^'(?:[^']|'')*'$/.test(part))
      merged[merged.length - 1] = `${last.slice(0, -1)}${part.slice(1)}`;
    else merged.push(part);
  }
  return { sql: merged.join(' || '), storage: 'text', loose: merged.length > 1 };
}

const branches: Write = (_writer, args) => {
  const [condition, ...values] = args;
  const written = together(values);
  return {
    sql: `case when ${condition === undefined ? 'false' : convert(condition, 'boolean').sql} then ${written[0]?.sql} else ${written[1]?.sql} end`,
    storage: values.some((value) => value.storage === 'unknown') ? 'unknown' : commonStorage(values),
    ...(values.every((value) => value.narrow === true) ? { narrow: true } : {}),
  };
};

const extreme =
  (name: string): Write =>
  (_writer, args) => {
    const written = together(args);
    // Any NULL makes the result NULL, where DuckDB would leave it out.
    const nulls = written.filter((piece) => piece.constant === undefined).map((piece) => `${bracket(piece)} is null`);
    const sql = `${name}(${written.map((piece) => piece.sql).join(', ')})`;
    return { sql: nulls.length === 0 ? sql : `case when ${nulls.join(' or ')} then null else ${sql} end`, storage: commonStorage(args) };
  };

const unary =
  (name: string, storage?: Piece['storage']): Write =>
  (_writer, args) => {
    const value = args[0] === undefined ? undefined : toNumber(args[0]);
    return { sql: `${name}(${value?.sql ?? ''})`, storage: storage ?? value?.storage ?? 'unknown' };
  };

const ours =
  (name: string, storage: Piece['storage']): Write =>
  (_writer, args) => {
    const list = args.map(argument).join(', ');
    return storage === 'float'
      ? { sql: `hwn_${name}(${list})`, storage }
      : { sql: `hw_${name}(${list})`, storage, called: { name, args: list } };
  };

/** The functions of SQLite that the emitters use. */
const writers: Readonly<Record<string, Write>> = {
  iif: branches,
  coalesce: (_writer, args) => {
    const written = together(args);
    return {
      sql: `coalesce(${written.map((piece) => piece.sql).join(', ')})`,
      storage: args.some((piece) => piece.storage === 'unknown') ? 'unknown' : commonStorage(args),
      ...(written.every((piece) => piece.narrow === true) ? { narrow: true } : {}),
    };
  },
  nullif: (_writer, args) => {
    const [a, b] = together(args) as [Piece, Piece];
    return { sql: `nullif(${a.sql}, ${b.sql})`, storage: a.storage };
  },
  max: extreme('greatest'),
  min: extreme('least'),
  abs: unary('abs'),
  sign: (_writer, args) => ({ sql: `sign(${args[0] === undefined ? '' : toNumber(args[0]).sql})`, storage: 'integer', narrow: true }),
  ceil: unary('ceil', 'float'),
  floor: unary('floor', 'float'),
  round: (_writer, args) => {
    const [value, digits] = args;
    return ours('sqlite_round', 'float')(
      _writer,
      [value ?? { sql: 'null', storage: 'null' }, digits ?? { sql: '0', storage: 'integer', constant: '0' }],
      {} as Call,
    );
  },
  lower: (_writer, args) => ({ sql: `lower(${text(args[0])})`, storage: 'text' }),
  upper: (_writer, args) => ({ sql: `upper(${text(args[0])})`, storage: 'text' }),
  length: (_writer, args) => ({
    sql: args[0]?.storage === 'bytes' ? `octet_length(${args[0].sql})` : `length(${text(args[0])})`,
    storage: 'integer',
  }),
  replace: (_writer, args) => ({ sql: `replace(${args.map(text).join(', ')})`, storage: 'text' }),
  trim: (_writer, args) => ({ sql: `trim(${args.map(text).join(', ')})`, storage: 'text' }),
  ltrim: (_writer, args) => ({ sql: `ltrim(${args.map(text).join(', ')})`, storage: 'text' }),
  rtrim: (_writer, args) => ({ sql: `rtrim(${args.map(text).join(', ')})`, storage: 'text' }),
  instr: (_writer, args) => ({ sql: `instr(${text(args[0])}, ${text(args[1])})`, storage: 'integer' }),
  substr: (writer, args) => {
    const [value, start, length] = args;
    if (value === undefined || start === undefined) return { sql: 'null', storage: 'null' };
    if (value.storage === 'timestamp' && start.constant === '1' && length?.constant === '10') return convert(value, 'date');
    if (value.storage === 'date' && start.constant === '1' && length?.constant === '10') return value;
    if (value.storage === 'bytes' || !(start.constant !== undefined && Number(start.constant) > 0))
      return ours('sqlite_substr', 'text')(writer, args, {} as Call);
    const rest = length === undefined ? '' : `, ${convert(length, 'integer').sql}`;
    return { sql: `substr(${text(value)}, ${start.sql}${rest})`, storage: 'text' };
  },
  char: (_writer, args) => ({
    sql: args.map((arg) => `chr(cast(${arg.sql} as integer))`).join(' || '),
    storage: 'text',
    loose: args.length > 1,
  }),
  hex: (_writer, args) => ({ sql: `hex(${args[0]?.storage === 'bytes' ? args[0].sql : `encode(${text(args[0])})`})`, storage: 'text' }),
  json: (_writer, args) => args[0] ?? { sql: 'null', storage: 'null' },
  json_array: (writer, _args, call) =>
    joined(["'['", ...call.args.flatMap((item, i) => (i === 0 ? [jsonItem(writer, item)] : ["','", jsonItem(writer, item)])), "']'"]),
  json_object: (writer, args, call) => {
    const parts: string[] = [];
    for (let i = 0; i < args.length; i += 2) {
      const [key, value] = [args[i], call.args[i + 1]];
      if (key === undefined || value === undefined) continue;
      parts.push(i === 0 ? "'{'" : "','", jsonText(convert(key, 'text')), "':'", jsonItem(writer, value));
    }
    return joined([...(parts.length === 0 ? ["'{'"] : parts), "'}'"]);
  },
  json_extract: (writer, args, call) => ours('sqlite_json_extract', 'item')(writer, args, call),
  json_type: (writer, args, call) => ours('sqlite_json_type', 'text')(writer, args, call),
  json_valid: (writer, args, call) => {
    const value = ours('sqlite_json_valid', 'float')(writer, args, call);
    return { sql: `${value.sql} <> 0`, storage: 'boolean', loose: true };
  },
  json_array_length: (writer, args, call) => ours('sqlite_json_array_length', 'float')(writer, args, call),
};

const directWindow = new Set(['row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist', 'ntile']);
const positional = new Set(['lag', 'lead', 'first_value', 'last_value', 'nth_value']);

/** A call for DuckDB: an aggregate, a window function, one of SQLite's functions, or one of ours. */
export function writeCall(writer: Writing, call: Call): Piece {
  const aggregate = writeAggregate(writer, call);
  if (aggregate !== undefined) return aggregate;
  if (directWindow.has(call.name)) {
    const args = call.args.map((arg) => writer.expression(arg).sql).join(', ');
    const isShare = call.name === 'percent_rank' || call.name === 'cume_dist';
    return { sql: `${call.name}(${args})${writer.tail(call.filter, call.over)}`, storage: isShare ? 'float' : 'integer' };
  }
  const args = call.args.map((arg) => writer.expression(arg));
  if (positional.has(call.name)) return writePositional(writer, call, args);
  if (call.name.startsWith('hw_')) return writeOurs(writer, call, args);
  const write = writers[call.name];
  if (write !== undefined) return write(writer, args, call);
  if (!Object.hasOwn(duckDbFunctions, `sqlite_${call.name}`))
    throw new Unwritable(`${call.name.toUpperCase()} is SQLite's own, which the engine duckdb does not have.`);
  return ours(`sqlite_${call.name}`, 'item')(writer, args, call);
}

function writePositional(writer: Writing, call: Call, args: readonly Piece[]): Piece {
  const [value, ...rest] = args;
  if (value === undefined) throw new Error(`${call.name} needs a value`);
  const list = rest.map((piece, i) =>
    i === 0 ? convert(piece, 'integer').sql : value.storage === 'unknown' ? piece.sql : convert(piece, value.storage).sql,
  );
  return { sql: `${call.name}(${[value.sql, ...list].join(', ')})${writer.tail(call.filter, call.over)}`, storage: value.storage };
}

/** A function of ours: as DuckDB's own where that says the same, else the very function that previews in SQLite call. */
function writeOurs(writer: Writing, call: Call, args: readonly Piece[]): Piece {
  const name = call.name.slice(3);
  const native = writeNative(name, args);
  if (native !== undefined) return native;
  if (name === 'try') return ours('try', 'item')(writer, args, call);
  const list = args.map(argument).join(', ');
  switch (returnedBy(name)) {
    case 'float':
      return { sql: `hwn_${name}(${list})`, storage: 'float' };
    case 'boolean':
      return { sql: `hwn_${name}(${list}) <> 0`, storage: 'boolean', loose: true };
    case 'bytes':
      return { sql: `unhex(hwy_${name}(${list}))`, storage: 'bytes' };
    case 'text':
      return { sql: `hw_${name}(${list})`, storage: 'text' };
    default:
      return { sql: `hw_${name}(${list})`, storage: 'item', called: { name, args: list } };
  }
}
