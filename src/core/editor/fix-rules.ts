import { nodesInFile, type SqlReading, toVerbatim } from '../docs/reading.ts';
import { placedFindings } from '../keys/check-rows.ts';
import { grainOf } from '../keys/project-grain.ts';
import { rules } from '../keys/rules/all-rules.ts';
import type { RuleCode, RuleFix } from '../keys/rules/rule.ts';
import type { ProblemCode } from '../text/problem.ts';
import type { Position, Span } from '../text/span.ts';
import { changeAt, type Fix, type FixPlace, toFix } from './fix.ts';

/** A problem that the editor shows at a place. */
export interface ShownProblem {
  readonly code: ProblemCode;
  readonly start: Position;
  readonly end: Position;
}

const codes: ReadonlySet<string> = new Set([...rules.map(({ code }) => code), 'chasm-trap'] satisfies RuleCode[]);

/** What mends findings of the rules about rows that the editor shows, and the comment that leaves them out. */
export function fixesOfRules(place: FixPlace, shown: readonly ShownProblem[]): readonly Fix[] {
  const own = shown.filter(({ code }) => codes.has(code));
  if (own.length === 0) return [];
  const grain = grainOf(place.snapshot);
  const texts = nodesInFile(place.snapshot, place.path).flatMap(({ id }) => grain.read(id) ?? []);
  return own.flatMap((problem) => {
    const mends = { code: problem.code, location: { path: place.path, start: problem.start, end: problem.end } };
    const mended = texts.flatMap((text) =>
      placedFindings(text, grain)
        .filter(({ finding, at }) => finding.rule === problem.code && isSame(at.start, problem.start) && isSame(at.end, problem.end))
        .flatMap(({ finding }) => finding.fixes ?? [])
        .flatMap((fix, index) => toFixOf(place, text.reading, fix, { mends, isPreferred: index === 0 }) ?? []),
    );
    return [...mended, ...ignoring(place, problem).map((fix) => ({ ...fix, mends }))];
  });
}

/** A change of rendered SQL as one of the file; undefined where a part of it was made by a template. */
function toFixOf(place: FixPlace, reading: SqlReading, fix: RuleFix, more: Partial<Fix>): Fix | undefined {
  const changes = fix.changes.map(({ span, text }) => {
    const found = span.start === span.end ? pointOf(reading, span.start) : toVerbatim(reading, span);
    return found && changeAt(place, found, text);
  });
  if (changes.some((change) => change === undefined)) return undefined;
  return toFix(
    fix.title,
    'quickfix',
    changes.flatMap((change) => change ?? []),
    more,
  );
}

/** A place between two signs of rendered SQL: behind the first, or where a template made that, before the second. */
function pointOf(reading: SqlReading, at: number): Span | undefined {
  const before = toVerbatim(reading, { start: at - 1, end: at });
  const behind = before === undefined && at < reading.sql.length ? toVerbatim(reading, { start: at, end: at + 1 }) : undefined;
  const point = before?.end ?? behind?.start;
  return point === undefined ? undefined : { start: point, end: point };
}

/** A comment in the line above, for the reason to be written into; none inside a template's tag, which knows no such comments. */
function ignoring(place: FixPlace, { code, start }: ShownProblem): readonly Fix[] {
  const { text, lines } = place;
  const offset = lines.offset({ line: start.line, column: 1 });
  const before = text.slice(0, offset);
  const isInTag = ['{{', '{%', '{#'].some(
    (open) => before.lastIndexOf(open) > before.lastIndexOf(open === '{{' ? '}}' : open === '{%' ? '%}' : '#}'),
  );
  if (isInTag) return [];
  const indent = /^[ \t]*/.exec(text.slice(offset))?.[0] ?? '';
  const comment = `${indent}-- headwater: ignore ${code} because `;
  const change = changeAt(place, { start: offset, end: offset }, `${comment}\n`);
  return [toFix(`Ignore ${code} here…`, 'quickfix', [change], { writeAt: comment.length })];
}

function isSame(a: Position, b: Position): boolean {
  return a.line === b.line && a.column === b.column;
}
