import type { SqlReading } from '../docs/reading.ts';
import { nodesInFile, readSql } from '../docs/reading.ts';
import { isRelation } from '../project/node.ts';
import type { Problem } from '../text/problem.ts';
import type { Span } from '../text/span.ts';
import { ctesReadIn, neededBy, placeOfCte, spanToRemove, verbatim } from './cte-places.ts';
import type { Fix, FixPlace, TextChange } from './fix.ts';
import { changeAt, toFix } from './fix.ts';
import { isWholeJinja, namesSet, namesUsed } from './jinja-shape.ts';

/** Takes a CTE away that nothing reads. */
export function fixesOfUnusedCte(place: FixPlace, problem: Problem): readonly Fix[] {
  const start = place.lines.offset(problem.start);
  for (const reading of readings(place))
    for (const cte of reading.query.ctes) {
      if (verbatim(reading, cte.name.span.start) !== start) continue;
      const found = placeOfCte(reading, place.text, cte);
      const span = found === undefined ? undefined : spanToRemove(reading, place.text, found);
      if (span === undefined || !isWholeJinja(place.text.slice(span.start, span.end))) return [];
      const location = { path: problem.path, start: problem.start, end: problem.end };
      return [
        toFix(`Remove the CTE '${cte.name.text}'`, 'quickfix', [changeAt(place, span, '')], {
          mends: { code: problem.code, location },
          isPreferred: true,
        }),
      ];
    }
  return [];
}

/** Makes a model of the CTE whose name or text stands at a place; the CTE then reads that model. */
export function extractCte(place: FixPlace): readonly Fix[] {
  const { snapshot, path, text, span } = place;
  if (snapshot.project.kind !== 'dbt') return [];
  for (const reading of readings(place)) {
    const { query, node } = reading;
    if (node.kind !== 'model') continue;
    for (const cte of query.ctes) {
      const start = verbatim(reading, cte.name.span.start);
      const end = verbatim(reading, cte.name.span.end - 1);
      if (start === undefined || end === undefined || span.start < start || span.start > end + 1) continue;
      const name = cte.name.text;
      const title = `Extract the CTE '${name}' to a model`;
      const refuse = (disabled: string): readonly Fix[] => [toFix(title, 'extract', [], { disabled })];
      const own = placeOfCte(reading, text, cte);
      if (own === undefined) return refuse('Jinja writes a part of this CTE.');
      const body = text.slice(own.body.start, own.body.end);
      if (/^\s*select\s+\*\s+from\s+\{\{\s*(ref|source)\([^)]*\)\s*\}\}\s*$/i.test(body)) return [];
      if (cte.recursive === true && ctesReadIn({ ...query, ctes: [cte] }, cte.query).length > 0) return refuse('It reads itself.');
      if (cte.columns.length > 0) return refuse('It names its columns before its query.');
      const needed = neededBy(query, cte).map((one) => placeOfCte(reading, text, one));
      const texts = [...needed.map((one) => (one === undefined ? undefined : text.slice(one.whole.start, one.whole.end))), body];
      if (texts.some((one) => one === undefined || !isWholeJinja(one))) return refuse('A block of Jinja begins or ends inside it.');
      const moved = texts.join('\n');
      const outside = namesUsed(moved, namesSet(text));
      if (outside.length > 0) return refuse(`It uses '${outside[0]}', which the file sets.`);
      if (/\bis_incremental\s*\(|(?<![\w.])this(?!\w)/.test((moved.match(/\{[{%][\s\S]*?[%}]\}/g) ?? []).join(' ')))
        return refuse("It speaks of the model's own relation.");
      const taken = [...snapshot.nodes.values()].some((one) => isRelation(one) && one.kind !== 'source' && one.name === name);
      const model = taken ? `${node.name}__${name}` : name;
      const target = `${path.slice(0, path.lastIndexOf('/') + 1)}${model}.sql`;
      const again = [...snapshot.nodes.values()].some((one) => isRelation(one) && one.kind !== 'source' && one.name === model);
      if (again || snapshot.sources.find(target) !== undefined) return refuse(`There is a ${model} already.`);
      const removed = removable(
        place,
        reading,
        cte,
        needed.flatMap((one) => (one === undefined ? [] : [one.cte])),
      );
      const indent = /\n([ \t]+)\S/.exec(body)?.[1] ?? '    ';
      const changes: TextChange[] = [
        changeAt(place, own.body, `\n${indent}select * from {{ ref('${model}') }}\n${/\n([ \t]*)$/.exec(body)?.[1] ?? ''}`),
        ...removed.map((one) => changeAt(place, one, '')),
      ];
      return [toFix(title, 'extract', changes, { created: [{ path: target, text: toModel(needed, text, body) }] })];
    }
  }
  return [];
}

/** The CTEs that only the extracted one reads go with it. */
function removable(
  place: FixPlace,
  reading: SqlReading,
  cte: SqlReading['query']['ctes'][number],
  moved: readonly object[],
): readonly Span[] {
  const { query } = reading;
  const gone = new Set<object>(moved);
  for (let changed = true; changed; ) {
    changed = false;
    for (const one of gone) {
      const readers = [
        query.body,
        ...query.orderBy,
        ...query.ctes.filter((other) => other !== cte && other !== one && !gone.has(other)).map((other) => other.query),
      ];
      if (!readers.some((reader) => ctesReadIn(query, reader).includes(one as never))) continue;
      gone.delete(one);
      changed = true;
    }
  }
  // The extracted CTE stays, so none of them is the only one left in its WITH.
  const spans = [...gone].flatMap((one) => {
    const found = placeOfCte(reading, place.text, one as never);
    const span = found === undefined ? undefined : spanToRemove(reading, place.text, found);
    return span === undefined ? [] : [span];
  });
  return spans.sort((a, b) => a.start - b.start);
}

function toModel(needed: readonly ({ readonly whole: Span } | undefined)[], text: string, body: string): string {
  const ctes = needed.flatMap((one) => (one === undefined ? [] : [text.slice(one.whole.start, one.whole.end)]));
  const own = outdent(body);
  if (ctes.length === 0) return `${own}\n`;
  // A query that begins with a WITH of its own takes the others before its first.
  const inner = /^with\s+(?!recursive)/i.exec(own);
  return inner === null ? `with ${ctes.join(',\n\n')}\n\n${own}\n` : `with ${ctes.join(',\n\n')},\n\n${own.slice(inner[0].length)}\n`;
}

/** A text without the blanks that all of its lines begin with. */
export function outdent(text: string): string {
  const rows = text
    .replace(/^[ \t]*\n/, '')
    .trimEnd()
    .split('\n');
  const depths = rows.filter((row) => row.trim() !== '').map((row) => /^[ \t]*/.exec(row)?.[0].length ?? 0);
  const least = Math.min(...(depths.length === 0 ? [0] : depths));
  return rows
    .map((row) => row.slice(Math.min(least, row.length)))
    .join('\n')
    .trim();
}

function readings({ snapshot, path }: FixPlace): readonly SqlReading[] {
  return nodesInFile(snapshot, path).flatMap((node) => {
    const reading = readSql(snapshot, node.id);
    return reading === undefined || reading.text.path !== path ? [] : [reading];
  });
}
