import type { Expression } from '../../sql/ir.ts';
import { expressionsIn } from '../conditions.ts';
import type { Leaf } from '../joined-rows.ts';
import type { PlacedSelect } from '../query-facts.ts';
import type { RuleFix, RuleInput } from './rule.ts';

/**
 * Takes a condition out of WHERE and puts it into the ON of a left join. Undefined where the condition reads what is joined later, and where
 * comments or brackets around it would be torn apart.
 */
export function moveIntoJoin(input: RuleInput, placed: PlacedSelect, condition: Expression, leaf: Leaf): RuleFix | undefined {
  const { sql } = input.grain.reading;
  const { rows, select } = placed;
  const on = leaf.join?.on;
  if (leaf.join?.type !== 'left' || on === undefined || select.where === undefined) return undefined;
  const readable = rows.leaves.slice(0, rows.leaves.indexOf(leaf) + 1);
  for (const part of expressionsIn(condition, true)) {
    if (part.kind === 'subquery' || part.kind === 'opaque') return undefined;
    const term = part.kind === 'column' ? rows.find(part) : undefined;
    const of = term === undefined ? undefined : rows.leafOf(term);
    if (part.kind === 'column' && (of === undefined || !readable.includes(of))) return undefined;
  }
  const removed = removeFromWhere(sql, condition, condition === select.where);
  if (removed === undefined) return undefined;
  const text = sql.slice(condition.span.start, condition.span.end);
  const added = needsBrackets(condition) ? `(${text})` : text;
  const before = needsBrackets(on) ? [{ span: { start: on.span.start, end: on.span.start }, text: '(' }] : [];
  const put = `${needsBrackets(on) ? ')' : ''} and ${added}`;
  // Two changes that touch would be one place to write at.
  const changes =
    removed.start === on.span.end
      ? [{ span: removed, text: put }]
      : [
          { span: { start: on.span.end, end: on.span.end }, text: put },
          { span: removed, text: '' },
        ];
  return { title: 'Move the condition into the join', changes: [...before, ...changes] };
}

function needsBrackets(condition: Expression): boolean {
  return condition.kind === 'operator' && condition.operator === 'or';
}

/** The condition with the word that joins it to the others; with WHERE itself where it is the only one. */
function removeFromWhere(sql: string, { span }: Expression, isOnly: boolean): { readonly start: number; readonly end: number } | undefined {
  const before = sql.slice(0, span.start);
  const behind = sql.slice(span.end);
  if (isOnly) {
    const word = /\s*\bwhere\s+$/i.exec(before);
    return word === null || /^\s*\)?\s*(and|or)\b/i.test(behind) ? undefined : { start: word.index, end: span.end };
  }
  const and = /\s*\band\s+$/i.exec(before);
  if (and !== null) return /^\s*or\b/i.test(behind) ? undefined : { start: and.index, end: span.end };
  const next = /\bwhere\s+$/i.test(before) ? /^\s+and\s+/i.exec(behind) : null;
  return next === null ? undefined : { start: span.start, end: span.end + next[0].length };
}
