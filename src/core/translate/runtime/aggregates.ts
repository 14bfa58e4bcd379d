import { roundDecimal } from './casts.ts';
import { lenient, type Raw, type RuntimeFunctions, strict } from './function.ts';
import { canonical, type Json, toStored, write } from './json-value.ts';

/** The collected values of a group as SQLite's json_group_array gives them; NULLs are left out unless a function wants them. */
function values(text: Raw): Json[] {
  return JSON.parse(String(text)) as Json[];
}

const numbers = (text: Raw): number[] =>
  values(text)
    .filter((value) => value !== null)
    .map(Number);

const ordered = (items: readonly Json[]): Json[] =>
  [...items].sort((a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0,
  );

function continuous(items: readonly number[], fraction: number): number | null {
  if (items.length === 0) return null;
  const at = (items.length - 1) * fraction;
  const low = items[Math.floor(at)] ?? 0;
  const high = items[Math.ceil(at)] ?? low;
  return low === high ? low : low + (high - low) * (at - Math.floor(at));
}

/** Values are taken in one by one, so that equal ones have no variance at all. */
function variance(items: readonly number[], sample: boolean): number | null {
  if (items.length < (sample ? 2 : 1)) return null;
  let mean = 0;
  let sum = 0;
  for (const [i, value] of items.entries()) {
    const delta = value - mean;
    mean += delta / (i + 1);
    sum += delta * (value - mean);
  }
  return sum / (items.length - (sample ? 1 : 0));
}

/** Pairs of numbers without those in which one is missing. */
const pairs = (text: Raw): [number, number][] =>
  values(text).filter((pair): pair is [number, number] => Array.isArray(pair) && pair[0] !== null && pair[1] !== null);

function moments(list: readonly [number, number][]): { n: number; y: number; x: number; xx: number; yy: number; xy: number } {
  const n = list.length;
  const y = list.reduce((sum, pair) => sum + pair[0], 0) / n;
  const x = list.reduce((sum, pair) => sum + pair[1], 0) / n;
  return {
    n,
    y,
    x,
    yy: list.reduce((sum, pair) => sum + (pair[0] - y) ** 2, 0),
    xx: list.reduce((sum, pair) => sum + (pair[1] - x) ** 2, 0),
    xy: list.reduce((sum, pair) => sum + (pair[0] - y) * (pair[1] - x), 0),
  };
}

function regression(text: Raw, what: string): number | null {
  const list = pairs(text);
  if (what === 'count') return list.length;
  if (list.length === 0 || (what === 'covar_samp' && list.length < 2)) return null;
  const { n, x, y, xx, yy, xy } = moments(list);
  switch (what) {
    case 'covar_pop':
      return xy / n;
    case 'covar_samp':
      return xy / (n - 1);
    case 'corr':
      return xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy);
    case 'slope':
      return xx === 0 ? null : xy / xx;
    case 'intercept':
      return xx === 0 ? null : y - (xy / xx) * x;
    case 'r2':
      return xx === 0 ? null : yy === 0 ? 1 : xy ** 2 / (xx * yy);
    case 'avgx':
      return x;
    case 'avgy':
      return y;
    case 'sxx':
      return xx;
    case 'syy':
      return yy;
    default:
      return xy;
  }
}

/** Sorts collected `[value, key…]` by the keys; the directions name descending and NULL placement of each. */
function sortCollected(rows: readonly Json[], directions: string): Json[] {
  const keys = directions.split(',');
  return [...(rows as readonly (readonly Json[])[])]
    .sort((a, b) => {
      for (const [i, direction] of keys.entries()) {
        const [x, y] = [a[i + 1] ?? null, b[i + 1] ?? null];
        if (x === y) continue;
        if (x === null || y === null) return (x === null) === direction.endsWith('f') ? -1 : 1;
        const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x) < String(y) ? -1 : String(x) > String(y) ? 1 : 0;
        if (order !== 0) return direction.startsWith('d') ? -order : order;
      }
      return 0;
    })
    .map((row) => row[0] ?? null);
}

export const aggregateFunctions: RuntimeFunctions = {
  ...strict({
    agg_percentile_cont: (text: Raw, fraction: number, descending: number) => {
      const items = ordered(numbers(text)) as number[];
      return continuous(items, descending === 1 ? 1 - fraction : fraction);
    },
    agg_percentile_disc: (text: Raw, fraction: number, descending: number, kind: string) => {
      const items = ordered(values(text).filter((value) => value !== null));
      if (descending === 1) items.reverse();
      return toStored(items[Math.max(Math.ceil(fraction * items.length) - 1, 0)], kind);
    },
    /** DuckDB's quantile of decimals, which cuts the way between two of them to their scale. */
    agg_percentile_scaled: (text: Raw, fraction: number, descending: number, scale: number) => {
      const items = (ordered(numbers(text)) as number[]).map((value) => Math.round(value * 10 ** scale));
      if (items.length === 0) return null;
      const at = (items.length - 1) * (descending === 1 ? 1 - fraction : fraction);
      const low = items[Math.floor(at)] ?? 0;
      const high = items[Math.ceil(at)] ?? low;
      return Number(`${low + Math.trunc((high - low) * (at - Math.floor(at)))}e-${scale}`);
    },
    agg_quantiles: (text: Raw, count: number) => {
      const items = ordered(values(text).filter((value) => value !== null));
      return items.length === 0
        ? null
        : write(
            Array.from(
              { length: count + 1 },
              (_, i) => items[Math.max(0, Math.min(Math.ceil((i * items.length) / count), items.length) - 1)] ?? null,
            ),
          );
    },
    agg_percentiles: (text: Raw, fractions: string) => {
      const items = ordered(numbers(text)) as number[];
      return items.length === 0 ? null : write((JSON.parse(fractions) as number[]).map((fraction) => continuous(items, fraction)));
    },
    agg_variance: (text: Raw, sample: number, root: number) => {
      const found = variance(numbers(text), sample === 1);
      return found === null ? null : root === 1 ? Math.sqrt(found) : found;
    },
    agg_skewness: (text: Raw) => {
      const items = numbers(text);
      const n = items.length;
      const mean = items.reduce((sum, value) => sum + value, 0) / n;
      const deviation = Math.sqrt(variance(items, true) ?? 0);
      return n < 3 || deviation === 0
        ? null
        : (n / ((n - 1) * (n - 2))) * items.reduce((sum, value) => sum + ((value - mean) / deviation) ** 3, 0);
    },
    /** Of the population, as Spark has it, or corrected for a sample. */
    agg_kurtosis: (text: Raw, sample: number) => {
      const items = numbers(text);
      const n = items.length;
      const mean = items.reduce((sum, value) => sum + value, 0) / n;
      const [second, fourth] = [2, 4].map((power) => items.reduce((sum, value) => sum + (value - mean) ** power, 0));
      if (n < (sample === 1 ? 4 : 1) || second === undefined || fourth === undefined || second === 0) return null;
      if (sample !== 1) return (n * fourth) / second ** 2 - 3;
      const spread = second / (n - 1);
      return ((n * (n + 1)) / ((n - 1) * (n - 2) * (n - 3))) * (fourth / spread ** 2) - (3 * (n - 1) ** 2) / ((n - 2) * (n - 3));
    },
    agg_skewness_population: (text: Raw) => {
      const items = numbers(text);
      const n = items.length;
      const mean = items.reduce((sum, value) => sum + value, 0) / n;
      const [second, third] = [2, 3].map((power) => items.reduce((sum, value) => sum + (value - mean) ** power, 0) / n);
      return n === 0 || second === undefined || third === undefined || second === 0 ? null : third / second ** 1.5;
    },
    agg_percentiles_disc: (text: Raw, fractions: string) => {
      const items = ordered(values(text).filter((value) => value !== null));
      return items.length === 0
        ? null
        : write((JSON.parse(fractions) as number[]).map((fraction) => items[Math.max(Math.ceil(fraction * items.length) - 1, 0)] ?? null));
    },
    /** How often a value differs from the one before it, NULLs left out. */
    agg_changes: (text: Raw) => {
      const items = values(text).filter((value) => value !== null);
      return items.filter((item, i) => i > 0 && canonical(item) !== canonical(items[i - 1] ?? null)).length;
    },
    /** The most frequent value: of several the first in order, or the first that came. */
    agg_mode: (text: Raw, kind: string, asCome: number) => {
      const counts = new Map<string, { value: Json; count: number }>();
      const present = values(text).filter((item) => item !== null);
      for (const value of asCome === 1 ? present : ordered(present)) {
        const name = canonical(value);
        const entry = counts.get(name) ?? { value, count: 0 };
        entry.count++;
        counts.set(name, entry);
      }
      let best: { value: Json; count: number } | undefined;
      for (const entry of counts.values()) if (best === undefined || entry.count > best.count) best = entry;
      return toStored(best?.value, kind);
    },
    agg_top_count: (text: Raw, count: number, form: string) => {
      const counts = new Map<string, { value: Json; count: number }>();
      const absent = form === 'struct' ? values(text).filter((item) => item === null) : [];
      for (const value of [...ordered(values(text).filter((item) => item !== null)), ...absent]) {
        const name = canonical(value);
        const entry = counts.get(name) ?? { value, count: 0 };
        entry.count++;
        counts.set(name, entry);
      }
      const top = [...counts.values()].sort((a, b) => b.count - a.count).slice(0, count);
      if (form === 'map') return write(Object.fromEntries(top.map((entry) => [String(entry.value), entry.count])));
      return write(
        top.map(
          (entry): Json =>
            form === 'struct' ? { value: entry.value, count: entry.count } : form === 'values' ? entry.value : [entry.value, entry.count],
        ),
      );
    },
    agg_regression: regression,
    agg_product: (text: Raw) => {
      const items = numbers(text);
      return items.length === 0 ? null : items.reduce((product, value) => product * value, 1);
    },
    agg_geomean: (text: Raw) => {
      const items = numbers(text);
      return items.length === 0 ? null : Math.exp(items.reduce((sum, value) => sum + Math.log(value), 0) / items.length);
    },
    agg_bits: (text: Raw, what: string) => {
      const items = values(text)
        .filter((value) => value !== null)
        .map((value) => BigInt(Number(value)));
      return items.length === 0 ? null : Number(items.reduce((a, b) => (what === 'and' ? a & b : what === 'or' ? a | b : a ^ b)));
    },
    agg_entropy: (text: Raw) => {
      const items = values(text).filter((value) => value !== null);
      const counts = new Map<string, number>();
      for (const item of items) counts.set(canonical(item), (counts.get(canonical(item)) ?? 0) + 1);
      return [...counts.values()].reduce((sum, count) => sum - (count / items.length) * Math.log2(count / items.length), 0);
    },
    /** The array of a group; `keep` says whether NULLs stay, `distinct` drops repeated values, `limit` cuts. */
    agg_array: (text: Raw, keep: number, distinct: number, limit: number, empty: number, directions: string) => {
      let items = values(text);
      if (directions !== '') items = sortCollected(items, directions);
      if (keep !== 1) items = items.filter((item) => item !== null);
      if (distinct === 1) {
        const seen = new Set<string>();
        items = items.filter((item) => !seen.has(canonical(item)) && seen.add(canonical(item)));
      }
      if (limit >= 0) items = items.slice(0, limit);
      return items.length === 0 && empty === 0 ? null : write(items);
    },
    agg_text: (text: Raw, separator: string, distinct: number, limit: number, directions: string, empty: number) => {
      let items = values(text);
      if (directions !== '') items = sortCollected(items, directions);
      items = items.filter((item) => item !== null);
      if (distinct === 1) items = [...new Set(items)];
      if (limit >= 0) items = items.slice(0, limit);
      return items.length === 0 ? (empty === 1 ? '' : null) : items.map(String).join(separator);
    },
    agg_object: (text: Raw) =>
      write(
        Object.fromEntries(
          values(text)
            .filter((pair): pair is [Json, Json] => Array.isArray(pair) && pair[0] !== null && pair[1] !== null)
            .map(([name, value]) => [String(name), value]),
        ),
      ),
    agg_object_nulls: (text: Raw) =>
      write(
        Object.fromEntries(
          values(text)
            .filter((pair): pair is [Json, Json] => Array.isArray(pair) && pair[0] !== null)
            .map(([name, value]) => [String(name), value]),
        ),
      ),
    agg_histogram: (text: Raw) => {
      const counts: Record<string, number> = {};
      for (const item of ordered(values(text).filter((value) => value !== null))) counts[String(item)] = (counts[String(item)] ?? 0) + 1;
      return write(counts);
    },
    /** The value that stands beside the smallest or largest key; rows with a NULL key do not count. */
    agg_beside: (text: Raw, largest: number, skipNull: number, kind: string) => {
      let best: Json[] | undefined;
      for (const row of values(text) as Json[][]) {
        const name = row[1] ?? null;
        if (name === null || (skipNull === 1 && (row[0] ?? null) === null)) continue;
        const other = best?.[1] ?? null;
        if (best === undefined || (largest === 1 ? (name as number) > (other as number) : (name as number) < (other as number))) best = row;
      }
      return best === undefined ? null : toStored(best[0], kind);
    },
    agg_beside_many: (text: Raw, largest: number, count: number) => {
      const rows = (values(text) as Json[][]).filter((row) => (row[1] ?? null) !== null);
      const keyed = rows.map((row) => [row[0] ?? null, row[1] ?? null] as Json[]);
      return write(sortCollected(keyed, largest === 1 ? 'dl' : 'al').slice(0, count));
    },
    agg_extremes: (text: Raw, largest: number, count: number) => {
      const items = ordered(values(text).filter((value) => value !== null));
      return write((largest === 1 ? items.reverse() : items).slice(0, count));
    },
    agg_first: (text: Raw, kind: string, directions: string, skipNull: number) => {
      let items = values(text);
      if (directions !== '') items = sortCollected(items, directions);
      return toStored(skipNull === 1 ? items.find((item) => item !== null) : items[0], kind);
    },
    agg_last: (text: Raw, kind: string, directions: string, skipNull: number) => {
      let items = values(text);
      if (directions !== '') items = sortCollected(items, directions);
      return toStored(skipNull === 1 ? items.findLast((item) => item !== null) : items.at(-1), kind);
    },
    /** The n-th value of a window's rows, NULLs left out. */
    agg_nth: (text: Raw, n: number, kind: string) => toStored(values(text).filter((item) => item !== null)[n - 1], kind),
    agg_lead: (text: Raw, n: number, kind: string) => toStored(values(text).filter((item) => item !== null)[n - 1], kind),
    agg_lag: (text: Raw, n: number, kind: string) =>
      toStored(
        values(text)
          .filter((item) => item !== null)
          .at(-n),
        kind,
      ),
    agg_round: (value: number, digits: number) => roundDecimal(value, digits),
    agg_distinct_count: (text: Raw) =>
      new Set(
        values(text)
          .filter((item) => item !== null)
          .map(canonical),
      ).size,
    agg_distinct_sum: (text: Raw, average: number) => {
      const items = [...new Set(numbers(text))];
      const sum = items.reduce((total, value) => total + value, 0);
      return items.length === 0 ? null : average === 1 ? sum / items.length : sum;
    },
  }),
  ...lenient({
    /** An aggregate of the values whose moments lie between two; rows without a moment stand together. */
    agg_between: (text: Raw, at: Raw, low: Raw, high: Raw, withNulls: number, fromNulls: number, name: string) => {
      const rows = values(text) as readonly (readonly Json[])[];
      const inside = rows.filter(([key]) => {
        if (at === null) return key === null || fromNulls === 1;
        if (key === null) return withNulls === 1;
        return (low === null || String(key) >= String(low)) && (high === null || String(key) <= String(high));
      });
      const found = inside.map((row) => row[1] ?? null).filter((value) => value !== null);
      if (name === 'count') return found.length;
      if (found.length === 0) return null;
      const sorted = ordered(found);
      if (name === 'min') return sorted[0] as Raw;
      if (name === 'max') return sorted.at(-1) as Raw;
      const sum = found.reduce((total: number, value) => total + Number(value), 0);
      return name === 'avg' ? sum / found.length : sum;
    },
  }),
};
