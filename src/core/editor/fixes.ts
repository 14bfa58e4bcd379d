import { packageOf } from '../docs/jinja-meaning.ts';
import { nodesInFile, readSql } from '../docs/reading.ts';
import { findCommentSlip } from '../jinja/comment-slip.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Problem } from '../text/problem.ts';
import type { Position } from '../text/span.ts';
import { LineMap } from '../text/span.ts';
import type { Fix, FixPlace } from './fix.ts';
import { changeAt, toFix } from './fix.ts';
import { addColumnsOfProblem, fixesOfColumns, removeColumn } from './fix-columns.ts';
import { extractCte, fixesOfUnusedCte } from './fix-ctes.ts';
import { fixesOfProblem } from './fix-names.ts';
import { fixesOfRules, type ShownProblem } from './fix-rules.ts';
import { inlineModel } from './inline-model.ts';
import { findStars } from './star-columns.ts';

/** Everything that can be mended or reshaped between two positions of a file of the project; nothing in packages. */
export function findFixes(
  snapshot: Snapshot,
  path: string,
  start: Position,
  end: Position,
  shown: readonly ShownProblem[] = [],
): readonly Fix[] {
  const text = snapshot.sources.find(path)?.text;
  if (text === undefined || packageOf(snapshot, path) !== snapshot.project.name) return [];
  const lines = new LineMap(text);
  const place: FixPlace = { snapshot, path, text, lines, span: { start: lines.offset(start), end: lines.offset(end) } };
  const fixes: Fix[] = [];
  const told = new Set<string>();
  for (const problem of snapshot.problems) {
    if (problem.path !== path || !touches(place, problem)) continue;
    const key = `${problem.code} ${problem.start.line} ${problem.start.column}`;
    if (told.has(key)) continue;
    told.add(key);
    fixes.push(...fixesOfProblem(place, problem), ...fixesByCode(place, problem));
  }
  fixes.push(...fixesOfRules(place, shown));
  const isSql = /\.sql$/i.test(path);
  if (isSql) fixes.push(...expandStar(place), ...extractCte(place), ...inlineModel(place));
  const titles = new Set(fixes.map((fix) => fix.title));
  fixes.push(...fixesOfColumns(place).filter((fix) => !titles.has(fix.title)));
  return fixes;
}

function touches({ lines, span }: FixPlace, problem: Problem): boolean {
  const end = lines.offset(problem.end);
  return lines.offset(problem.start) <= span.end && span.start <= end;
}

function fixesByCode(place: FixPlace, problem: Problem): readonly Fix[] {
  switch (problem.code) {
    case 'cte-unused':
      return fixesOfUnusedCte(place, problem);
    case 'jinja-syntax':
      return writeAsComment(place, problem);
    case 'column-documented-missing':
      return removeColumn(place, problem);
    case 'column-undocumented':
      return addColumnsOfProblem(place, problem);
    default:
      return [];
  }
}

/** `{{-- … --}}` becomes the comment that was meant. */
function writeAsComment(place: FixPlace, { code, path, start, end }: Problem): readonly Fix[] {
  const slip = findCommentSlip(place.text, place.lines.offset(start));
  if (slip === undefined) return [];
  const inside = place.text.slice(slip.start + 4, slip.end - 4);
  const mends = { code, location: { path, start, end } };
  return [toFix('Write it as a comment: {# … #}', 'quickfix', [changeAt(place, slip, `{#${inside}#}`)], { mends, isPreferred: true })];
}

/** Writes out what a star stands for. */
function expandStar(place: FixPlace): readonly Fix[] {
  const { snapshot, path, span } = place;
  for (const node of nodesInFile(snapshot, path)) {
    const reading = readSql(snapshot, node.id);
    if (reading === undefined || reading.text.path !== path) continue;
    for (const star of findStars(reading, snapshot.project.dialect)) {
      if (span.start < star.span.start || span.start > star.span.end) continue;
      const title = `Write out the ${star.columns.length} column${star.columns.length === 1 ? '' : 's'} of this star`;
      if (star.expansion !== undefined) return [toFix(title, 'rewrite', [changeAt(place, star.span, star.expansion)])];
      return [
        toFix('Write out the columns of this star', 'rewrite', [], {
          disabled: star.isOpen ? 'Nothing tells all of the columns.' : 'It is not certain what would be written.',
        }),
      ];
    }
  }
  return [];
}
