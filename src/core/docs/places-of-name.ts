import type { ProjectNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Cte, TableRelation } from '../sql/ir.ts';
import type { Span } from '../text/span.ts';
import { findStringArgument, findTag } from './jinja-meaning.ts';
import type { Meaning } from './meaning.ts';
import { findMeaning } from './meaning.ts';
import { placesOfAlias } from './places-of-alias.ts';
import type { SqlReading } from './reading.ts';
import { readSql, toVerbatim } from './reading.ts';
import { findSqlMeaning } from './sql-meaning.ts';
import { visitTree } from './tree-path.ts';

/** One place that names a thing. */
export interface NamePlace {
  readonly path: string;
  readonly span: Span;
}

/** Every place in the project's files where a meaning's name stands for the same thing. */
export function placesOfMeaning(snapshot: Snapshot, meaning: Meaning): readonly NamePlace[] {
  switch (meaning.kind) {
    case 'node':
      return scan(snapshot, meaning.node.name, (other) => other.kind === 'node' && other.node.id === meaning.node.id);
    case 'macro':
      return scan(
        snapshot,
        meaning.macro.name.replace(/^test_/, ''),
        (other) => other.kind === 'macro' && other.macro.id === meaning.macro.id,
      );
    case 'var':
      return scan(snapshot, meaning.name, (other) => other.kind === 'var' && other.name === meaning.name);
    case 'docs':
      return scan(
        snapshot,
        meaning.block.name,
        (other) => other.kind === 'docs' && other.block.path === meaning.block.path && other.block.name === meaning.block.name,
      );
    case 'sql': {
      const aliased = aliasPlaces(snapshot, meaning);
      if (aliased.length > 0) return aliased;
      if (meaning.meaning.kind === 'cte') return placesOfCte(snapshot, meaning.reading, meaning.meaning.cte);
      if (meaning.meaning.kind === 'relation') {
        const { node } = meaning.meaning;
        return scan(snapshot, node.name, (other) => other.kind === 'node' && other.node.id === node.id);
      }
      return [];
    }
    default:
      return [];
  }
}

/** The places of an alias, where a meaning is one. */
export function aliasPlaces(snapshot: Snapshot, meaning: Extract<Meaning, { kind: 'sql' }>): readonly NamePlace[] {
  const { meaning: sql, reading } = meaning;
  const name = sql.kind === 'derived' ? sql.name : sql.kind === 'cte' || sql.kind === 'relation' ? sql.alias : undefined;
  return name === undefined ? [] : placesOfAlias(snapshot, reading, name, sql.span);
}

/** Every place in one file that names a node. */
export function placesOfNode(snapshot: Snapshot, node: ProjectNode, path: string): readonly NamePlace[] {
  return scan(snapshot, node.name, (other) => other.kind === 'node' && other.node.id === node.id, [path]);
}

/** Looks at every occurrence of a word in the files of the project itself, or in those that are given. */
function scan(
  snapshot: Snapshot,
  name: string,
  isSame: (other: Meaning) => boolean,
  paths: Iterable<string> = ownFiles(snapshot),
): readonly NamePlace[] {
  const found: NamePlace[] = [];
  const word = new RegExp(`(?<![\\w])${name.replace(/[^\w]/g, '\\$&')}(?!\\w)`, 'g');
  for (const path of paths) {
    const text = snapshot.sources.find(path)?.text;
    if (text === undefined || !text.includes(name)) continue;
    for (const match of text.matchAll(word)) {
      // In SQL outside Jinja a word is the name of a column or CTE, never of these.
      const tag = /\.sql$/i.test(path) ? findTag(text, match.index) : undefined;
      if (/\.sql$/i.test(path) && tag === undefined) continue;
      const meaning = findMeaning(snapshot, path, match.index + 1);
      if (meaning === undefined || !isSame(meaning)) continue;
      if (tag !== undefined && meaning.kind !== 'macro' && findStringArgument(text, match.index + 1, tag.start)?.text !== name) continue;
      found.push({ path, span: { start: match.index, end: match.index + name.length } });
    }
  }
  return found;
}

function ownFiles(snapshot: Snapshot): readonly string[] {
  const packages = snapshot.project.packages.map(({ root }) => root).filter((root) => root !== '');
  return [...snapshot.sources.below('', '.sql', '.yml', '.yaml', '.md')].filter(
    (path) => !packages.some((root) => path.startsWith(`${root}/`)),
  );
}

/** Every place in the text of a node that names one of its CTEs. */
export function placesOfCte(snapshot: Snapshot, first: SqlReading, cte: Cte): readonly NamePlace[] {
  const found = new Map<number, NamePlace>();
  for (const reading of [first, readSql(snapshot, first.node.id, true)]) {
    if (reading === undefined) continue;
    const same = reading === first ? cte : reading.query.ctes.find((one) => one.name.text === cte.name.text);
    const add = (span: Span): void => {
      const place = toVerbatim(reading, span);
      if (place !== undefined) found.set(place.start, { path: reading.text.path, span: place });
    };
    visitTree(reading.query, (part) => {
      const names =
        part.kind === 'table'
          ? (part as TableRelation).parts
          : part.kind === 'column'
            ? (part as { parts: TableRelation['parts'] }).parts.slice(0, -1)
            : [];
      for (const name of names) {
        if (name.text.toLowerCase() !== cte.name.text.toLowerCase()) continue;
        const meaning = findSqlMeaning(snapshot, { reading, offset: name.span.start + 1 });
        // An alias of the same spelling is a name of its own.
        if (meaning?.kind === 'cte' && meaning.cte === same) add(name.span);
      }
    });
    if (same !== undefined) add(same.name.span);
  }
  return [...found.values()].sort((a, b) => a.span.start - b.span.start);
}
