import { existsSync, readFileSync } from 'node:fs';

export interface Example {
  readonly written: string;
  /** The query with the tables it names in front of it. */
  readonly sql: string;
  /** Cells with ` | ` and rows with ` // ` between them. */
  readonly expected: string;
}

/** The examples of a dialect's documentation, with the outputs shown there. */
export function readExamples(dialect: string): readonly Example[] {
  const file = `test/core/translate/examples/${dialect}.txt`;
  if (!existsSync(file)) return [];
  const tables = new Map<string, string>();
  const examples: Example[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const table = /^@(\w+) = (.*)$/.exec(line);
    if (table) tables.set(table[1] ?? '', table[2] ?? '');
    const at = line.lastIndexOf(' => ');
    const end = line.lastIndexOf(' =>');
    if (line.startsWith('#') || line.startsWith('@') || end === -1) continue;
    const written = line.slice(0, at === -1 ? end : at);
    examples.push({ written, sql: withTables(written, tables), expected: at === -1 ? '' : line.slice(at + 4) });
  }
  return examples;
}

function withTables(sql: string, tables: ReadonlyMap<string, string>): string {
  const used = [...tables].filter(([name]) => new RegExp(`\\b${name}\\b`, 'i').test(sql));
  if (used.length === 0) return sql;
  const ctes = used.map(([name, query]) => `${name} as (${query})`).join(', ');
  return /^with /i.test(sql) ? `with ${ctes}, ${sql.slice(5)}` : `with ${ctes} ${sql}`;
}
