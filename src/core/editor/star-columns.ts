import type { SqlReading } from '../docs/reading.ts';
import { toVerbatim } from '../docs/reading.ts';
import { visitTree } from '../docs/tree-path.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { Query, Select, StarItem } from '../sql/ir.ts';
import type { ResolvedColumn } from '../sql/resolve/columns.ts';
import type { Span } from '../text/span.ts';

/** A star of a SELECT list that stands in the file as written, and the columns that it stands for. */
export interface StarPlace {
  readonly span: Span;
  readonly columns: readonly ResolvedColumn[];
  /** Whether nothing tells some of its columns. */
  readonly isOpen: boolean;
  /** What would be written in its place; undefined where that is not certain. */
  readonly expansion: string | undefined;
}

/** The stars of a query, in the order of the text. A star inside a loop of Jinja is several and is left out. */
export function findStars(reading: SqlReading, dialect: Dialect): readonly StarPlace[] {
  const found = new Map<number, StarPlace | undefined>();
  visitTree(reading.query, (part) => {
    if (part.kind !== 'query' || (part as Query).body.kind !== 'select') return;
    const query = part as Query;
    const select = query.body as Select;
    for (const star of select.items) {
      if (star.kind !== 'star') continue;
      const span = toVerbatim(reading, star.span);
      if (span === undefined) continue;
      const columns = reading.resolution.results.get(query)?.columns.filter((column) => column.span === star.span) ?? [];
      const isOpen = columns.length === 0 || columns.some((column) => column.isStar);
      const expansion = isOpen ? undefined : expand(reading, select, star, columns, dialect);
      found.set(span.start, found.has(span.start) ? undefined : { span, columns, isOpen, expansion });
    }
  });
  return [...found.values()].flatMap((star) => star ?? []).sort((a, b) => a.span.start - b.span.start);
}

function expand(
  reading: SqlReading,
  select: Select,
  star: StarItem,
  columns: readonly ResolvedColumn[],
  dialect: Dialect,
): string | undefined {
  const scope = reading.resolution.scopes.get(select);
  if (scope === undefined || star.of !== undefined) return undefined;
  const qualifier = star.qualifier.map((name) => reading.sql.slice(name.span.start, name.span.end)).join('.');
  const names: string[] = [];
  for (const column of columns) {
    const replaced = star.replace.find((one) => one.name.text.toLowerCase() === column.name.toLowerCase());
    if (replaced !== undefined) {
      const { span } = replaced.expression;
      names.push(`${reading.sql.slice(span.start, span.end)} as ${writeName(column, dialect)}`);
      continue;
    }
    const [input, ...others] = column.inputs;
    if (input === undefined) return undefined;
    const isMerged = others.length > 0 || [...scope.merged.values()].includes(input.column);
    const read = isMerged ? column : input.column;
    const owners = scope.sources.filter((source) => source.columns.columns.some((one) => sameName(one, read)));
    const owner = scope.sources.find((source) => source.columns.columns.includes(input.column));
    if (!isMerged && owner === undefined) return undefined;
    const before = qualifier !== '' ? qualifier : !isMerged && owners.length > 1 ? (owner?.name ?? '') : '';
    if (before === '' && !isMerged && owners.length > 1) return undefined;
    const name = `${before === '' ? '' : `${before}.`}${writeName(read, dialect)}`;
    names.push(sameName(read, column) ? name : `${name} as ${writeName(column, dialect)}`);
  }
  return layOut(reading, star, names);
}

const sameName = (a: ResolvedColumn, b: ResolvedColumn): boolean => a.name.toLowerCase() === b.name.toLowerCase();

/** On one line where that is short; else one below the other, as deep as the star stands when it begins its line. */
function layOut(reading: SqlReading, star: StarItem, names: readonly string[]): string {
  const joined = names.join(', ');
  const place = toVerbatim(reading, star.span)?.start ?? 0;
  const before = reading.text.source.slice(0, place - reading.text.offset);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  if (line.trim() === '') return names.join(`,\n${line}`);
  if (line.length + joined.length <= 80) return joined;
  const indent = `${/^\s*/.exec(line)?.[0] ?? ''}  `;
  return `\n${indent}${names.join(`,\n${indent}`)}`;
}

/** A column's name as SQL of a dialect has to write it. */
export function writeName({ name, quoted }: Pick<ResolvedColumn, 'name' | 'quoted'>, dialect: Dialect): string {
  const isPlain = /^[A-Za-z_]\w*$/.test(name) && (!quoted || name === name.toLowerCase());
  if (isPlain && !reserved.has(name.toLowerCase())) return name;
  if (dialect === 'tsql') return `[${name}]`;
  return ['bigquery', 'databricks', 'spark', 'hive', 'mysql', 'clickhouse'].includes(dialect) ? `\`${name}\`` : `"${name}"`;
}

/** Words that no dialect takes as the name of a column. */
const reserved = new Set(
  'all and any as asc between by case cast check create cross default desc distinct else end except exists false fetch for from full group having in inner intersect into is join left like limit natural not null offset on or order outer primary references right select set some table then to true union unique using when where window with'.split(
    ' ',
  ),
);
