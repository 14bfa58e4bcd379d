import { readFileSync } from 'node:fs';
import type { Schema, ScriptLineage } from '../../core/lineage/script.ts';
import { traceScript } from '../../core/lineage/script.ts';
import { findDialect } from '../../core/sql/dialect.ts';
import { secondsOfLine } from '../allowance.ts';
import type { Command } from '../command.ts';
import { exitCodes, UsageError } from '../command.ts';
import { readAll, readDialect } from '../sql-input.ts';
import { answerLines } from '../supervised.ts';

export const sqlLineageCommand: Command = {
  name: 'sql lineage',
  summary: 'Trace every column of a query to the columns of tables it is made from.',
  usage: 'headwater sql lineage [--dialect D] [--schema FILE] < SQL    headwater sql lineage --batch < LINES',
  options: [
    { name: 'dialect', value: 'D', summary: 'the dialect of the text (default: generic)' },
    { name: 'schema', value: 'FILE', summary: 'JSON: {"table":{"column":"type"}}' },
    { name: 'batch', summary: 'one JSON object a line: {"id","dialect","sql","schema"}' },
  ],
  async run(invocation) {
    if (invocation.flag('batch')) {
      await answerLines(secondsOfLine, (line) => JSON.stringify(answerLine(line)));
      return exitCodes.fine;
    }
    const dialect = readDialect(invocation.option('dialect'));
    const text = await readAll(invocation.stdin);
    const lineage = traceScript(text, dialect, readSchema(invocation.option('schema')));
    invocation.print(`${JSON.stringify({ version: 1, ...toAnswer(lineage), problems: lineage.problems })}\n`);
    return exitCodes.fine;
  },
};

function readSchema(file: string | undefined): Schema {
  if (file === undefined) return {};
  try {
    return toSchema(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new UsageError(`The schema '${file}' could not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function answerLine(line: string): object {
  let id: unknown = null;
  try {
    const request: unknown = JSON.parse(line.replace(/^\ufeff/, ''));
    if (typeof request !== 'object' || request === null || Array.isArray(request)) return { id, error: 'a line must be a JSON object' };
    const { id: given, dialect, sql, schema } = request as Record<string, unknown>;
    id = given ?? null;
    if (typeof sql !== 'string') return { id, error: "'sql' must be a string" };
    if (dialect !== undefined && dialect !== null && typeof dialect !== 'string') return { id, error: "'dialect' must be a string" };
    const known = typeof dialect === 'string' && dialect !== '' ? findDialect(dialect) : 'generic';
    const lineage = traceScript(sql, known ?? 'generic', toSchema(schema));
    if (lineage.statements.length === 0) return { id, error: lineage.problems[0]?.message ?? 'the text holds no query' };
    return { id, ...toAnswer(lineage), ...(known === undefined ? { notes: [`There is no dialect '${dialect}': read as generic.`] } : {}) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

/** A schema as scripts write it: the columns as an object of types, or as a list of names. */
function toSchema(value: unknown): Schema {
  const tables: Record<string, Record<string, string>> = {};
  const read = (prefix: string, node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [name, columns] of Object.entries(node)) {
      const path = prefix === '' ? name : `${prefix}.${name}`;
      if (Array.isArray(columns))
        tables[path] = Object.fromEntries(
          columns.map((column) => [typeof column === 'string' ? column : String((column as { name?: unknown }).name), '']),
        );
      else if (typeof columns === 'object' && columns !== null) {
        const isNested = Object.values(columns).some((inner) => typeof inner === 'object' && inner !== null);
        if (isNested) read(path, columns);
        else
          tables[path] = Object.fromEntries(
            Object.entries(columns).map(([column, type]) => [column, typeof type === 'string' ? type : '']),
          );
      }
    }
  };
  read('', value);
  return tables;
}

/** The answer about the last statement that fills or shows something; all of them where a script has several. */
function toAnswer({ statements }: ScriptLineage): object {
  const all = statements.map(({ columns, tables, target, uses }) => ({
    columns: columns.map(({ name, from, kind }) => ({
      name,
      from: from.map(({ table, column, candidates }) => ({ table, column, ...(table === null ? { candidates } : {}) })),
      kind,
      ...doubtOf(from),
    })),
    tables,
    target: target ?? null,
    uses,
  }));
  const last = all[all.length - 1] ?? { columns: [], tables: [], target: null, uses: [] };
  return all.length > 1 ? { ...last, statements: all } : last;
}

function doubtOf(from: readonly { readonly confidence: string; readonly reason?: string }[]): object {
  const doubtful = from.find((source) => source.confidence === 'opaque') ?? from.find((source) => source.confidence !== 'exact');
  if (doubtful === undefined) return { confidence: 'exact' };
  return { confidence: doubtful.confidence, ...(doubtful.reason === undefined ? {} : { reason: doubtful.reason }) };
}
