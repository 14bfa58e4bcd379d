import { toLayer } from '../layout/layer.ts';
import type { Because, End, Entity, Relationship } from './erd.ts';
import { toEndKey } from './erd.ts';

interface Candidate {
  readonly from: End;
  readonly to: End;
  readonly because: Because;
  /** Targets that suit less, best first. */
  readonly otherwise: readonly Omit<Candidate, 'otherwise'>[];
}

/** A name that ends as those of keys do, with what it is the key of. */
export const keySuffix = /^(.+?)_?(id|key|code|sk|pk|fk|uuid|guid|no|number)$/i;

/**
 * Relations that names suggest: `account_id` beside an entity `accounts` that has `account_id` or `id`. Names prove nothing, so each
 * stays a candidate until its values are counted. The target is looked for among entities of the same layer first.
 */
export function findCandidates(entities: readonly Entity[], known: readonly Relationship[]): readonly Candidate[] {
  const byStem = new Map<string, Named[]>();
  for (const entity of entities) {
    const stems = toStems(entity.name);
    for (const stem of stems) addTo(byStem, stem, { entity, exact: true });
    for (const stem of toKeyStems(entity, stems)) addTo(byStem, stem, { entity, exact: false });
  }
  const keyed = keysByColumn(entities);
  const related = new Set(known.map((relation) => toEndKey(relation.from)));
  const found: Candidate[] = [];
  for (const entity of entities) {
    const own = toStems(entity.name);
    for (const column of entity.columns) {
      const from = { entity: entity.id, columns: [column.name] };
      if (related.has(toEndKey(from))) continue;
      const stem = keySuffix.exec(column.name)?.[1]?.toLowerCase();
      // Its own key, as in accounts.account_id, refers to nothing.
      if (stem === undefined || own.some((name) => name === toSingular(stem) || name.endsWith(`_${toSingular(stem)}`))) continue;
      const [best, ...otherwise] = rankTargets(entity, column.name, byStem.get(toSingular(stem)) ?? []).map((target) => {
        const to = { entity: target.entity.id, columns: [target.column] };
        const text = `${entity.name}.${column.name} is named like ${target.entity.name}.${target.column}`;
        return { from, to, because: { kind: 'name', text, path: entity.path } as const };
      });
      if (best !== undefined) found.push({ ...best, otherwise });
      else found.push(...byKey(entity, column.name, keyed));
    }
  }
  return found;
}

/** The entities that have a column alone as a key, by its name. */
function keysByColumn(entities: readonly Entity[]): ReadonlyMap<string, readonly Entity[]> {
  const found = new Map<string, Entity[]>();
  for (const entity of entities)
    for (const { columns, broken } of entity.keys) {
      const [name, ...others] = columns;
      if (broken === true || name === undefined || others.length > 0) continue;
      found.set(name.toLowerCase(), [...(found.get(name.toLowerCase()) ?? []), entity]);
    }
  return found;
}

/** The relation to the only entity of its kind whose key has the very name of a column, whatever the entity is called. */
function byKey(from: Entity, column: string, keyed: ReadonlyMap<string, readonly Entity[]>): readonly Candidate[] {
  const [only, ...others] = (keyed.get(column.toLowerCase()) ?? []).filter((entity) => entity.kind === from.kind);
  if (only === undefined || others.length > 0 || only.id === from.id) return [];
  const text = `${from.name}.${column} is named like the key of ${only.name}`;
  return [
    {
      from: { entity: from.id, columns: [column] },
      to: { entity: only.id, columns: [column] },
      because: { kind: 'name', text, path: from.path },
      otherwise: [],
    },
  ];
}

/** The column whose name says that it identifies the entity's rows: `id`, or `account_id` in accounts. */
export function findOwnKey(entity: Entity): string | undefined {
  const own = toStems(entity.name);
  const named = entity.columns.find((column) => {
    const stem = keySuffix.exec(column.name)?.[1]?.toLowerCase();
    return stem !== undefined && own.includes(toSingular(stem));
  });
  return (named ?? entity.columns.find((column) => /^(id|uuid|sk|pk)$/i.test(column.name)))?.name;
}

/** Targets that are held against the values, one after the other. */
const mostTargets = 3;

/** An entity under a name: its own, or the end of its name that its key bears as well. */
interface Named {
  readonly entity: Entity;
  readonly exact: boolean;
}

function addTo(byStem: Map<string, Named[]>, stem: string, named: Named): void {
  const list = byStem.get(stem);
  if (list === undefined) byStem.set(stem, [named]);
  else list.push(named);
}

/** What an entity is about by its key: `crm_accounts` with the key `account_id` is about accounts, whatever stands before. */
function toKeyStems(entity: Entity, stems: readonly string[]): readonly string[] {
  const [only] = entity.keys.filter((key) => key.kind === 'primary' && key.columns.length === 1).map((key) => key.columns[0]!);
  const stem = only === undefined ? undefined : keySuffix.exec(only)?.[1]?.toLowerCase();
  if (stem === undefined) return [];
  const name = toSingular(stem);
  return stems.some((own) => own.endsWith(`_${name}`)) && !stems.includes(name) ? [name] : [];
}

/** How well the bare name suits at most across kinds. */
const farFit = 1;

/** How well a named entity suits as the target: one of another layer counts for less, one that is of another kind for least. */
function toFit(from: Entity, { entity, exact }: Named): number {
  const near = toLayer(entity) === toLayer(from) ? 2 : entity.kind === from.kind ? 1 : 0;
  if (near === 0) return exact ? farFit : 0;
  return exact ? 3 + near : 1 + near;
}

/** The columns that a column may refer to, best first; a handful, since each costs a count. */
function rankTargets(
  from: Entity,
  column: string,
  named: readonly Named[],
): readonly { readonly entity: Entity; readonly column: string }[] {
  const name = column.toLowerCase();
  return (
    named
      .filter(({ entity }) => entity.id !== from.id)
      .sort((a, b) => toFit(from, b) - toFit(from, a) || Number(b.entity.keys.length > 0) - Number(a.entity.keys.length > 0))
      // What is neither of its layer nor of its kind is only the first thought: raw tables do not refer to what is made of them.
      .filter((target, i) => i === 0 || toFit(from, target) > farFit)
      .flatMap(({ entity }) => {
        const target =
          entity.columns.find((at) => at.name.toLowerCase() === name) ??
          entity.columns.find((at) => /^(id|key|code|uuid|sk|pk)$/i.test(at.name));
        return target === undefined ? [] : [{ entity, column: target.name }];
      })
      .slice(0, mostTargets)
  );
}

/** What an entity is about: its name without the prefixes of layers and systems, in the singular. */
function toStems(name: string): readonly string[] {
  const bare = name.toLowerCase().replace(/^(stg|base|raw|src|int|fct|fact|dim|mart|rpt|tbl)_+/, '');
  const stems = [toSingular(bare)];
  // dbt's own convention sets the system apart by two underscores.
  const after = bare.split('__').at(-1);
  if (after !== undefined && after !== bare) stems.push(toSingular(after));
  return stems;
}

/** A word in the singular, as far as its ending says. */
export function toSingular(word: string): string {
  if (/ies$/.test(word)) return word.replace(/ies$/, 'y');
  if (/(ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return /[^s]s$/.test(word) ? word.slice(0, -1) : word;
}
