import type { ExportFormat } from '../../src/protocol.ts';
import type { MenuItem } from '../ui/controls.ts';

const formats: readonly (readonly [ExportFormat, string])[] = [
  ['tsv', 'Tab-separated'],
  ['csv', 'CSV'],
  ['markdown', 'Markdown'],
  ['json', 'JSON'],
  ['jsonl', 'JSON lines'],
  ['sql', 'SQL values'],
];

/** What the selected cells can be copied as, and a unit test made of their rows where that can be. */
export function toCopyMenu(
  copy: (format: ExportFormat, header: boolean) => void,
  unitTest: (() => void) | undefined,
): (MenuItem | 'line')[] {
  return [
    ...formats.map(([format, name], at) => ({
      label: `Copy as ${name}`,
      ...(at === 0 ? { detail: 'Ctrl+C' } : {}),
      run: () => copy(format, format !== 'tsv'),
    })),
    'line',
    { label: 'Copy with column names', run: () => copy('tsv', true) },
    { label: 'CSV without column names', run: () => copy('csv', false) },
    { label: 'SQL rows alone', detail: '(…), (…)', run: () => copy('sql', false) },
    ...(unitTest === undefined ? [] : (['line', { label: 'Make a unit test of these rows…', run: unitTest }] as const)),
  ];
}

/** What all rows of a view can be written to a file as. */
export function toExportMenu(write: (format: ExportFormat) => void): MenuItem[] {
  return formats.map(([format, name]) => ({ label: `Export as ${name}`, run: () => write(format) }));
}
