import type { Cell } from '../engine/engine.ts';
import type { SampledTable } from './sample.ts';

/** A world as it is kept: one readable file that says what it is, and a CSV for each table. */
export interface WorldFiles {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly tables: readonly {
    readonly node: string;
    readonly rows: number;
    readonly bytes: number;
    readonly because: readonly { readonly text: string }[];
  }[];
}

/** The files of a sampled world. */
export function toWorldFiles(name: string, because: string, tables: readonly SampledTable[]): WorldFiles {
  const made = tables.map((table) => {
    const { node, columns, rows } = table;
    const path = `${node.sourceName}__${node.identifier}.csv`.replace(/[^\w.-]/g, '_');
    const text = [columns.map((column) => column.name), ...rows].map((row) => `${row.map(toField).join(',')}\n`).join('');
    return { ...table, path, text: columns.length === 0 ? '' : text };
  });
  const yaml = [
    `name: ${name}`,
    'kind: sampled',
    `because: ${JSON.stringify(because)}`,
    'tables:',
    ...made
      .filter(({ columns }) => columns.length > 0)
      .flatMap(({ node, path, rows, columns, because: reasons }) => [
        `  - node: ${node.id}`,
        `    file: ${path}`,
        `    rows: ${rows.length}`,
        `    columns: {${columns.map((column) => `${JSON.stringify(column.name)}: ${JSON.stringify(column.type)}`).join(', ')}}`,
        '    because:',
        ...reasons.map(({ text }) => `      - ${JSON.stringify(text)}`),
      ]),
  ];
  const encoder = new TextEncoder();
  return {
    files: [
      { path: 'world.yml', text: `${yaml.join('\n')}\n` },
      ...made.filter(({ columns }) => columns.length > 0).map(({ path, text }) => ({ path, text })),
    ],
    tables: made.map(({ node, rows, text, because: reasons }) => ({
      node: node.id,
      rows: rows.length,
      bytes: encoder.encode(text).length,
      because: reasons,
    })),
  };
}

function toField(cell: Cell | string): string {
  if (cell === null) return '';
  if (cell instanceof Uint8Array) return Array.from(cell, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const text = String(cell);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
