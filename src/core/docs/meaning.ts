import type { Macro } from '../dbt/macro-library.ts';
import type { ColumnRef } from '../lineage/questions.ts';
import type { ProjectNode } from '../project/node.ts';
import type { DocsBlock, Snapshot } from '../snapshot.ts';
import type { Span } from '../text/span.ts';
import { findJinjaMeaning } from './jinja-meaning.ts';
import { findMarkdownMeaning } from './markdown-meaning.ts';
import type { SqlReading } from './reading.ts';
import { findSqlPlace, toVerbatim } from './reading.ts';
import type { SqlMeaning } from './sql-meaning.ts';
import { findSqlMeaning } from './sql-meaning.ts';
import { findYamlMeaning } from './yaml-meaning.ts';

/** What stands at a place of a file; spans are of the file. */
export type Meaning =
  | { readonly kind: 'sql'; readonly meaning: SqlMeaning; readonly reading: SqlReading; readonly span: Span }
  | { readonly kind: 'column'; readonly ref: ColumnRef; readonly span: Span }
  | { readonly kind: 'node'; readonly node: ProjectNode; readonly span: Span }
  | { readonly kind: 'macro'; readonly macro: Macro; readonly span: Span }
  | { readonly kind: 'var'; readonly name: string; readonly package: string; readonly span: Span }
  | { readonly kind: 'docs'; readonly block: DocsBlock; readonly span: Span }
  | { readonly kind: 'rendered'; readonly source: string; readonly results: readonly string[]; readonly span: Span }
  | { readonly kind: 'missing'; readonly what: 'model' | 'source' | 'docs block'; readonly name: string; readonly span: Span };

/** What the name at an offset of a file stands for, in SQL, Jinja, YAML or Markdown. */
export function findMeaning(snapshot: Snapshot, path: string, offset: number): Meaning | undefined {
  const text = snapshot.sources.find(path)?.text;
  if (text === undefined) return undefined;
  if (/\.ya?ml$/i.test(path)) return findYamlMeaning(snapshot, path, text, offset);
  if (/\.md$/i.test(path)) return findMarkdownMeaning(snapshot, path, text, offset);
  const place = findSqlPlace(snapshot, path, offset);
  const meaning = place === undefined ? undefined : findSqlMeaning(snapshot, place);
  const span = place === undefined || meaning === undefined ? undefined : toVerbatim(place.reading, meaning.span);
  if (place !== undefined && meaning !== undefined && span !== undefined && span.start <= offset && offset <= span.end)
    return { kind: 'sql', meaning, reading: place.reading, span };
  return findJinjaMeaning(snapshot, path, text, offset);
}
