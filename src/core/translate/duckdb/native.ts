import { bracket, convert, type Piece, quoted } from './piece.ts';

type Native = (args: readonly Piece[]) => Piece | undefined;

const isMoment = (piece: Piece | undefined): piece is Piece => piece?.storage === 'date' || piece?.storage === 'timestamp';
const isText = (piece: Piece | undefined): piece is Piece => piece?.storage === 'text' || piece?.storage === 'item';

/** Parts of dates by our names, as DuckDB's functions give them. */
const parts: Readonly<Record<string, string>> = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  day: 'day',
  hour: 'hour',
  minute: 'minute',
  second: 'second',
  dow0: 'dayofweek',
  isodow: 'isodow',
  dayofyear: 'dayofyear',
  isoweek: 'week',
  isoyear: 'isoyear',
};

const units = new Set(['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond', 'microsecond']);

const asKind = (sql: string, kind: string | undefined): Piece =>
  kind === 'date' ? { sql: `cast(${sql} as date)`, storage: 'date' } : { sql: `cast(${sql} as timestamp)`, storage: 'timestamp' };

const partDate: Native = ([unit, value]) => {
  const name = parts[unit?.constant ?? ''];
  if (name === undefined || !isMoment(value)) return undefined;
  // DuckDB has no clock in a date.
  const at = value.storage === 'date' && ['hour', 'minute', 'second'].includes(name) ? convert(value, 'timestamp') : value;
  return { sql: `${name}(${at.sql})`, storage: 'integer' };
};

const truncDate: Native = ([unit, value, weekStart, kind]) => {
  const name = unit?.constant ?? '';
  if (!units.has(name) || !isMoment(value) || kind?.constant === undefined) return undefined;
  if (name === 'week' && weekStart?.constant !== '1') {
    const shift = weekStart?.constant === undefined ? Number.NaN : (8 - Number(weekStart.constant)) % 7;
    if (!Number.isInteger(shift)) return undefined;
    return asKind(`date_trunc('week', ${value.sql} + interval ${shift} day) - interval ${shift} day`, kind.constant);
  }
  // DuckDB gives a date for days and more, whatever it was given.
  return asKind(`date_trunc(${quoted(name)}, ${value.sql})`, kind.constant);
};

const months = new Set(['month', 'quarter', 'year', 'decade', 'century', 'millennium']);

const addDate: Native = ([unit, amount, value, kind]) => {
  const name = unit?.constant ?? '';
  if (!units.has(name) || amount === undefined || !isMoment(value) || kind?.constant === undefined) return undefined;
  if (amount.storage !== 'integer') return undefined;
  // A date that becomes a timestamp begins at midnight; one that stays a date counts whole days.
  if (kind.constant === 'date' && !months.has(name) && name !== 'week' && name !== 'day') return undefined;
  const interval = amount.constant === undefined ? `interval (${amount.sql}) ${name}` : `interval (${amount.constant}) ${name}`;
  return asKind(`${bracket(value)} + ${interval}`, kind.constant);
};

/** A constant interval as DuckDB writes it, once or the other way round; undefined where it is worked out. */
function intervalsOf(interval: Piece | undefined, factor = 1): string[] | undefined {
  if (interval?.constant === undefined) return undefined;
  const [monthCount = 0, days = 0, micros = 0] = interval.constant.split('|').map(Number);
  if (![monthCount, days, micros, factor].every(Number.isFinite)) return undefined;
  return [
    ...(monthCount === 0 ? [] : [`interval (${monthCount * factor}) month`]),
    ...(days === 0 ? [] : [`interval (${days * factor}) day`]),
    ...(micros === 0 ? [] : [`interval (${micros * factor}) microsecond`]),
  ];
}

const intervalAdd: Native = ([value, interval, sign, kind]) => {
  const added = intervalsOf(interval, Number(sign?.constant ?? '1'));
  if (!isMoment(value) || added === undefined || kind?.constant === undefined) return undefined;
  // A date that stays one does not hear of hours.
  if (kind.constant === 'date' && added.some((text) => text.endsWith('microsecond'))) return undefined;
  return asKind([bracket(value), ...added].join(' + '), kind.constant);
};

const diffDate: Native = ([mode, unit, from, until]) => {
  const name = unit?.constant ?? '';
  if (mode?.constant !== 'edges' || !['year', 'quarter', 'month', 'day', 'hour', 'minute', 'second'].includes(name)) return undefined;
  if (!isMoment(from) || !isMoment(until)) return undefined;
  const [a, b] =
    from.storage === until.storage && !['hour', 'minute', 'second'].includes(name)
      ? [from, until]
      : [convert(from, 'timestamp'), convert(until, 'timestamp')];
  return { sql: `date_diff(${quoted(name)}, ${a.sql}, ${b.sql})`, storage: 'integer' };
};

const like =
  (word: string): Native =>
  ([value, pattern, sign]) => {
    if (!isText(value) || pattern?.constant === undefined || sign?.constant === undefined || sign.constant.length > 1) return undefined;
    if (sign.constant !== '' && pattern.constant.includes(sign.constant)) return undefined;
    // Letters beyond ASCII may change their case in a way of their own.
    if (word === 'ilike' && /[^\x20-\x7e]/.test(pattern.constant)) return undefined;
    return { sql: `${bracket(value)} ${word} ${pattern.sql}`, storage: 'boolean', loose: true };
  };

const texts =
  (name: string, count: number): Native =>
  (args) =>
    args.length >= count && args.slice(0, count).every(isText)
      ? {
          sql: `${name}(${args
            .slice(0, count)
            .map((arg) => arg.sql)
            .join(', ')})`,
          storage: 'text',
        }
      : undefined;

const tests =
  (name: string): Native =>
  ([value, part]) =>
    isText(value) && isText(part) ? { sql: `${name}(${value.sql}, ${part.sql})`, storage: 'boolean' } : undefined;

const best =
  (name: string): Native =>
  (args) => {
    const [first] = args;
    const same = args.every(
      (arg) => arg.storage === first?.storage && arg.storage !== 'item' && arg.storage !== 'unknown' && arg.storage !== 'null',
    );
    return same && first !== undefined ? { sql: `${name}(${args.map((arg) => arg.sql).join(', ')})`, storage: first.storage } : undefined;
  };

const trims: Readonly<Record<string, string>> = { both: 'trim', left: 'ltrim', right: 'rtrim' };

const natives: Readonly<Record<string, Native>> = {
  part_date: partDate,
  trunc_date: truncDate,
  add_date: addDate,
  interval_add: intervalAdd,
  interval: ([interval]) => {
    const parts = intervalsOf(interval);
    return parts === undefined
      ? undefined
      : { sql: parts.length === 0 ? 'interval (0) day' : `(${parts.join(' + ')})`, storage: 'unknown' };
  },
  moment: ([value]) => (value === undefined ? undefined : convert(value, 'timestamp')),
  diff_date: diffDate,
  date_of: ([value]) => (isMoment(value) ? convert(value, 'date') : undefined),
  last_day: ([unit, value]) =>
    unit?.constant === 'month' && isMoment(value) ? { sql: `last_day(${value.sql})`, storage: 'date' } : undefined,
  like: like('like'),
  ilike: like('ilike'),
  length: ([value]) => (isText(value) ? { sql: `length(${value.sql})`, storage: 'integer' } : undefined),
  trim: ([value, set, side]) => {
    const name = trims[side?.constant ?? ''];
    if (name === undefined || !isText(value) || set?.constant === undefined) return undefined;
    return { sql: set.constant === ' ' ? `${name}(${value.sql}, ' ')` : `${name}(${value.sql}, ${set.sql})`, storage: 'text' };
  },
  replace: (args) => (args[1]?.constant === undefined || args[1].constant === '' ? undefined : texts('replace', 3)(args)),
  substring: ([value, start, length]) => {
    if (
      !isText(value) ||
      start?.constant === undefined ||
      Number(start.constant) < 1 ||
      length?.constant === undefined ||
      Number(length.constant) < 0
    )
      return undefined;
    return { sql: `substr(${value.sql}, ${start.sql}${length.constant === '1000000000' ? '' : `, ${length.sql}`})`, storage: 'text' };
  },
  left: ([value, count]) =>
    isText(value) && count?.constant !== undefined && Number(count.constant) >= 0
      ? { sql: `left(${value.sql}, ${count.sql})`, storage: 'text' }
      : undefined,
  right: ([value, count]) =>
    isText(value) && count?.constant !== undefined && Number(count.constant) >= 0
      ? { sql: `right(${value.sql}, ${count.sql})`, storage: 'text' }
      : undefined,
  position: ([value, part, from, nth]) =>
    isText(value) && isText(part) && part.constant !== undefined && part.constant !== '' && from?.constant === '1' && nth?.constant === '1'
      ? { sql: `instr(${value.sql}, ${part.sql})`, storage: 'integer' }
      : undefined,
  contains: tests('contains'),
  starts_with: tests('starts_with'),
  ends_with: tests('suffix'),
  md5: ([value]) => (value?.storage === 'text' ? { sql: `md5(${value.sql})`, storage: 'text' } : undefined),
  sha2: ([value, bits]) =>
    value?.storage === 'text' && bits?.constant === '256' ? { sql: `sha256(${value.sql})`, storage: 'text' } : undefined,
  div_int: ([a, b]) =>
    a?.storage === 'integer' && b?.constant !== undefined && b.storage === 'integer' && Number(b.constant) !== 0
      ? { sql: `${bracket(a)} // ${b.sql}`, storage: 'integer', loose: true }
      : undefined,
  greatest_skip: best('greatest'),
  least_skip: best('least'),
};

/** DuckDB's own way to say what a function of ours says; undefined where it has none, or none for these arguments. */
export function writeNative(name: string, args: readonly Piece[]): Piece | undefined {
  // Something without a value is left to the function, which knows what that means.
  return args.some((arg) => arg.storage === 'null') ? undefined : natives[name]?.(args);
}
