import type { RelationNode } from '../project/node.ts';
import type { SeedTable } from './seed-query.ts';

/** A relation's name as statements write it. */
export interface WrittenName {
  readonly schema: string;
  readonly name: string;
}

/** The longest name that PostgreSQL keeps whole. */
const longestName = 63;

/** Rows of a seed in one INSERT. */
const rowsOfInsert = 500;

/** The name with quotes, as the adapter quotes. */
export function written({ schema, name }: WrittenName): string {
  return `${quote(schema)}.${quote(name)}`;
}

/** The name beside a relation's that a build uses on the way. */
export function beside({ schema, name }: WrittenName, suffix: '__dbt_tmp' | '__dbt_backup'): WrittenName {
  return { schema, name: `${name.slice(0, longestName - suffix.length)}${suffix}` };
}

/** What stands under the name now. */
export type Former = 'table' | 'view' | undefined;

/** Builds a view or table under another name and swaps it in, as dbt does, so that readers never miss it. */
export function replaceRelation(target: WrittenName, kind: 'table' | 'view', make: readonly string[], former: Former): readonly string[] {
  const [temporary, backup] = [beside(target, '__dbt_tmp'), beside(target, '__dbt_backup')];
  return [
    `drop ${kind} if exists ${written(temporary)} cascade`,
    ...(former === undefined ? [] : [`drop ${former} if exists ${written(backup)} cascade`]),
    ...make,
    ...(former === undefined ? [] : [`alter ${former} ${written(target)} rename to ${quote(backup.name)}`]),
    `alter ${kind} ${written(temporary)} rename to ${quote(target.name)}`,
    ...(former === undefined ? [] : [`drop ${former} if exists ${written(backup)} cascade`]),
  ];
}

/** The statements that make a model's table or view under its temporary name; a contract that is enforced becomes columns with their constraints. */
export function createAs(target: WrittenName, kind: 'table' | 'view', sql: string, node: RelationNode): readonly string[] {
  const temporary = written(beside(target, '__dbt_tmp'));
  const query = sql.replace(/[;\s]+$/, '');
  if (kind === 'view') return [`create view ${temporary} as (\n${query}\n)`];
  const { contract } = node.config;
  const isEnforced = typeof contract === 'object' && contract !== null && (contract as { readonly enforced?: unknown }).enforced === true;
  if (!isEnforced) return [`create table ${temporary} as (\n${query}\n)`];
  const columns = node.columns.map((column) => {
    const own = column.constraints.flatMap((one) => constraintText(one.kind, one.expression, [], undefined, undefined));
    return `${column.quoted === true ? quote(column.name) : column.name} ${column.type ?? 'text'}${own.map((one) => ` ${one}`).join('')}`;
  });
  const inlineKinds = new Set(node.columns.flatMap((column) => column.constraints));
  const whole = node.constraints
    .filter((one) => !inlineKinds.has(one))
    .flatMap((one) => constraintText(one.kind, one.expression, one.columns, one.to, one.toColumns));
  const names = node.columns.map((column) => (column.quoted === true ? quote(column.name) : column.name)).join(', ');
  return [
    `create table ${temporary} (${[...columns, ...whole].join(', ')})`,
    `insert into ${temporary} (${names}) (\nselect ${names} from (\n${query}\n) as model_subq\n)`,
  ];
}

function constraintText(
  kind: string,
  expression: string | undefined,
  columns: readonly string[],
  to: string | undefined,
  toColumns: readonly string[] | undefined,
): readonly string[] {
  const list = columns.length === 0 ? '' : ` (${columns.join(', ')})`;
  switch (kind) {
    case 'not_null':
      return columns.length === 0 ? ['not null'] : [];
    case 'unique':
      return [`unique${list}`];
    case 'primary_key':
      return [`primary key${list}`];
    case 'check':
      return expression === undefined ? [] : [`check (${expression})`];
    case 'foreign_key':
      return expression !== undefined
        ? [columns.length === 0 ? `references ${expression}` : `foreign key${list} references ${expression}`]
        : to === undefined || to.includes('{{')
          ? []
          : [
              `${columns.length === 0 ? '' : `foreign key${list} `}references ${to}${toColumns?.length ? ` (${toColumns.join(', ')})` : ''}`,
            ];
    default:
      return expression === undefined ? [] : [expression];
  }
}

/** The indexes that a model's configuration asks for, as statements over its table. */
export function createIndexes(target: WrittenName, node: RelationNode): readonly string[] {
  const { indexes } = node.config;
  if (!Array.isArray(indexes)) return [];
  return indexes.flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null) return [];
    const { columns, unique, type } = one as Readonly<Record<string, unknown>>;
    const list = [columns].flat().filter((column) => typeof column === 'string' && column !== '');
    if (list.length === 0) return [];
    const using = typeof type === 'string' && /^\w+$/.test(type) ? ` using ${type}` : '';
    return [`create ${unique === true ? 'unique ' : ''}index on ${written(target)}${using} (${list.join(', ')})`];
  });
}

/** A seed's table: emptied and filled again where it stands, made anew where it does not or where that is asked for. */
export function fillSeed(target: WrittenName, { columns, rows }: SeedTable, former: Former, anew: boolean): readonly string[] {
  const definitions = columns.map(({ name, type }) => `${quote(name)} ${type}`).join(', ');
  const names = columns.map(({ name }) => quote(name)).join(', ');
  const inserts: string[] = [];
  for (let at = 0; at < rows.length; at += rowsOfInsert)
    inserts.push(
      `insert into ${written(target)} (${names}) values\n${rows
        .slice(at, at + rowsOfInsert)
        .map((row) => `(${row.join(', ')})`)
        .join(',\n')}`,
    );
  const ready =
    former === 'table' && !anew
      ? [`truncate table ${written(target)}`]
      : [
          ...(former === undefined ? [] : [`drop ${former} if exists ${written(target)} cascade`]),
          `create table ${written(target)} (${definitions})`,
        ];
  return [...ready, ...inserts];
}

/** A name in the quotes of standard SQL. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
