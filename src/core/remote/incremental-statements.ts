import type { IncrementalPlan } from '../engine/incremental.ts';
import { quote, type WrittenName, written } from './statements.ts';

interface Columns {
  readonly before: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly { readonly name: string; readonly type: string }[];
}

/** The statements by which the rows of a run, in a temporary table, enter an incremental model's table; a text says why they cannot. */
export function takeIn(
  target: WrittenName,
  temporary: string,
  plan: IncrementalPlan,
  { before, rows }: Columns,
): readonly string[] | string {
  const has = (columns: Columns['rows'], name: string): boolean => columns.some((column) => column.name === name);
  const added = rows.filter(({ name }) => !has(before, name));
  const gone = before.filter(({ name }) => !has(rows, name));
  const changes: string[] = [];
  let columns = before;
  switch (plan.onSchemaChange) {
    case 'fail':
      if (added.length + gone.length > 0)
        return `The columns have changed (new: ${list(added) || 'none'}; gone: ${list(gone) || 'none'}), and on_schema_change is 'fail': build it with --full-refresh.`;
      break;
    case 'append_new_columns':
    case 'sync_all_columns':
      for (const { name, type } of added) changes.push(`alter table ${written(target)} add column ${quote(name)} ${type}`);
      columns = [...before, ...added];
      if (plan.onSchemaChange === 'sync_all_columns') {
        for (const { name } of gone) changes.push(`alter table ${written(target)} drop column ${quote(name)} cascade`);
        columns = columns.filter(({ name }) => has(rows, name));
      }
      break;
    case 'ignore':
      if (gone.length > 0) return `The run does not give ${list(gone)}, which the table has, and on_schema_change is 'ignore'.`;
  }
  const shared = columns.filter(({ name }) => has(rows, name)).map(({ name }) => quote(name));
  const insert = `insert into ${written(target)} (${shared.join(', ')}) (select ${shared.join(', ')} from ${temporary})`;
  const also = (alias: string): string => plan.predicates.map((one) => ` and (${one.replaceAll('DBT_INTERNAL_DEST', alias)})`).join('');
  switch (plan.strategy) {
    case 'append':
      return [...changes, insert];
    case 'delete+insert': {
      if (plan.uniqueKey.length === 0) return [...changes, insert];
      const match = plan.uniqueKey.map((key) => `DBT_INTERNAL_SOURCE.${key} = DBT_INTERNAL_DEST.${key}`).join(' and ');
      return [
        ...changes,
        `delete from ${written(target)} as DBT_INTERNAL_DEST using ${temporary} as DBT_INTERNAL_SOURCE where ${match}${also('DBT_INTERNAL_DEST')}`,
        insert,
      ];
    }
    case 'merge': {
      if (plan.uniqueKey.length === 0) return [...changes, insert];
      const on = plan.uniqueKey.map((key) => `DBT_INTERNAL_SOURCE.${key} = DBT_INTERNAL_DEST.${key}`).join(' and ');
      const updates = columns.filter(({ name }) => has(rows, name) && plan.updates?.(name) !== false);
      const set = updates.map(({ name }) => `${quote(name)} = DBT_INTERNAL_SOURCE.${quote(name)}`).join(', ');
      return [
        ...changes,
        `merge into ${written(target)} as DBT_INTERNAL_DEST using ${temporary} as DBT_INTERNAL_SOURCE on (${on})${also('DBT_INTERNAL_DEST')}${
          set === '' ? '' : ` when matched then update set ${set}`
        } when not matched then insert (${shared.join(', ')}) values (${shared.map((name) => `DBT_INTERNAL_SOURCE.${name}`).join(', ')})`,
      ];
    }
    default:
      return `The incremental strategy '${plan.strategy}' is not run on a target yet.`;
  }
}

function list(columns: Columns['rows']): string {
  return columns.map(({ name }) => `'${name}'`).join(', ');
}
