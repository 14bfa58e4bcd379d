import { conjunctsOf, expressionsIn } from '../conditions.ts';
import { type Leaf, rowOf } from '../joined-rows.ts';
import type { PlacedSelect } from '../query-facts.ts';
import { closureOf } from '../row-key.ts';
import { joinedText, nameOfLeaf, rowColumn, writtenAlias } from './joined-text.ts';
import type { Finding, Rule, RuleInput } from './rule.ts';
import { showFactor, toNumber } from './rule.ts';

const from =
  /^(dbt_valid_from|valid_from(_at|_date|_ts)?|effective_from(_date|_at)?|effective_start(_date|_at)?|valid_start(_date|_at)?|row_effective_from|record_start(_date|_at)?|scd_start|scd_valid_from)$/;
const to =
  /^(dbt_valid_to|valid_to(_at|_date|_ts)?|effective_to(_date|_at)?|effective_end(_date|_at)?|valid_end(_date|_at)?|valid_until|row_effective_to|record_end(_date|_at)?|scd_end|scd_valid_to)$/;
const current = /(^|_)(current|latest|most_recent|currently_valid|active_record|is_valid)(_|$)|^(current_flag|dbt_is_current)$/;
const plain = /^(start|end)(_date|_at)$/;

/** Whether a relation keeps versions of its rows, each with the time in which it was valid. */
export function isVersioned(input: RuleInput, leaf: Leaf): boolean {
  const columns = columnsOf(leaf);
  const isNamed = /(scd|hist|history|snapshot|version|_snap$|^snap_)/i.test(nameOfLeaf(input, leaf));
  if (columns.some((column) => from.test(column)) && columns.some((column) => to.test(column))) return true;
  return columns.filter((column) => plain.test(column)).length >= 2 && (isNamed || columns.some((column) => current.test(column)));
}

function columnsOf(leaf: Leaf): readonly string[] {
  return leaf.facts.columns ?? leaf.facts.keys.flatMap((key) => key.columns);
}

function isValidity(column: string): boolean {
  return (
    from.test(column) ||
    to.test(column) ||
    current.test(column) ||
    plain.test(column) ||
    /^(version|version_number|rn|row_num|rank)$/.test(column)
  );
}

/** Whether a condition of the query, or of the relation itself, chooses among the versions. */
export function speaksOfValidity({ select, rows }: PlacedSelect, leaf: Leaf): boolean {
  if ([...leaf.facts.restricted].some(isValidity)) return true;
  const conditions = [
    ...conjunctsOf(select.where),
    ...conjunctsOf(select.qualify),
    ...rows.leaves.flatMap((one) => (one.join?.on === undefined ? [] : [one.join.on])),
  ];
  return conditions.some((condition) =>
    [...expressionsIn(condition, true)].some((part) => {
      if (part.kind !== 'column') return false;
      const name = part.parts[part.parts.length - 1]?.text.toLowerCase() ?? '';
      const term = rows.find(part);
      return isValidity(name) && (term === undefined || rows.leafOf(term) === leaf);
    }),
  );
}

/** Whether the versions are dbt's own, or a key says that the time tells rows apart. */
function isCertain(leaf: Leaf): boolean {
  const columns = columnsOf(leaf);
  if (
    columns.includes('dbt_valid_from') ||
    leaf.facts.keys.some((key) => key.columns.length > 1 && key.columns.some((column) => from.test(column) || to.test(column)))
  )
    return true;
  const hasFlag = columns.some((column) => current.test(column));
  return hasFlag && columns.some((column) => from.test(column));
}

export const scdJoin: Rule = {
  code: 'scd-join',
  title: 'A join reads every version of a row',
  advice: 'Add the time to the join (valid_from <= … and … < valid_to), or keep the current version only.',
  find: (input) => input.grain.text.selects.flatMap((select) => findIn(input, select)),
};

function findIn(input: RuleInput, select: PlacedSelect): readonly Finding[] {
  const { rows } = select;
  return rows.leaves.flatMap((leaf): Finding[] => {
    if (leaf.join === undefined || leaf.isHidden || !isVersioned(input, leaf) || speaksOfValidity(select, leaf)) return [];
    const others = rows.leaves.filter((one) => one !== leaf && !one.isHidden);
    if (others.every((one) => isVersioned(input, one))) return [];
    const start = others.map((one) => rowOf(one.alias));
    if (closureOf([...start, ...(select.groups ?? [])], rows.dependencies).columns.has(rowOf(leaf.alias))) return [];
    const name = nameOfLeaf(input, leaf);
    const say = (factor?: number): string =>
      `${name} keeps versions of its rows, and this join reads all of them${factor === undefined ? '' : `: rows appear ${showFactor(factor)} on this data`}. ${scdJoin.advice}`;
    const numbered = others.filter((one) => one.relation.kind === 'table' || one.relation.kind === 'derived');
    const joined = joinedText(input, select, numbered);
    const ids = numbered.map((one) => `${writtenAlias(input, one)}.${rowColumn}`);
    const aliases = ids.map((id, index) => `${id} as hw_r${index}`).join(', ');
    const sql =
      joined === undefined || ids.length === 0
        ? undefined
        : `with hw_joined as (select ${aliases} ${joined}) select (select count(*) from hw_joined), (select count(*) from (select distinct * from hw_joined) as d)`;
    return [
      {
        rule: 'scd-join',
        span: leaf.relation.span,
        verdict: { severity: isCertain(leaf) ? 'warning' : 'info', message: say() },
        ...(sql === undefined
          ? {}
          : {
              question: {
                sql,
                judge([count, single]: readonly unknown[]) {
                  const [all, once] = [toNumber(count), toNumber(single)];
                  if (all === 0 || once === 0) return undefined;
                  const factor = all / once;
                  return factor > 1.0005
                    ? { severity: 'warning', message: say(factor), factor: Math.round(factor * 10000) / 10000 }
                    : { severity: 'info', message: `${say()} No row has two versions in this data.` };
                },
              },
            }),
      },
    ];
  });
}
