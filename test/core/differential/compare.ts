import { formatInterval } from '../../../src/core/translate/runtime/interval.ts';

/** A result in a form that two engines share: numbers by 12 digits, moments without zeros behind the seconds, booleans as such. */
export function toComparable(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return toNumberText(value);
  const text = String(value);
  if (text === 't' || text === 'f') return text === 't' ? 'true' : 'false';
  if (/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return /^0\d/.test(text) ? text : toNumberText(Number(text));
  const moment = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?(?:\+00(?::00)?)?$/.exec(text);
  if (moment !== null) {
    const fraction = (moment[3] ?? '').replace(/0+$/, '');
    const time = `${moment[2]}${fraction === '' ? '' : `.${fraction}`}`;
    return time === '00:00:00' ? (moment[1] ?? '') : `${moment[1]} ${time}`;
  }
  const interval = /^\{"months":(-?\d+),"days":(-?\d+),"micros":"(-?\d+)"\}$/.exec(text);
  if (interval !== null) return formatInterval(interval.slice(1).join('|'));
  if (/^[[{]/.test(text)) {
    try {
      return JSON.stringify(JSON.parse(text), (_key, inner: unknown) =>
        // DuckDB hands over integers of 64 bits inside of nested values as text.
        typeof inner === 'number' || (typeof inner === 'string' && /^-?\d+$/.test(inner)) ? Number(Number(inner).toPrecision(12)) : inner,
      );
    } catch {
      return text;
    }
  }
  return text;
}

function toNumberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const text = String(Number(value.toPrecision(12)));
  return text === '-0' ? '0' : text;
}
