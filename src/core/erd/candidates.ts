import { toLayer } from '../layout/layer.ts';
import type { Because, End, Entity, Relationship } from './erd.ts';
import { toEndKey } from './erd.ts';

interface Candidate {
  readonly from: End;
  readonly to: End;
  readonly because: Because;
}

const keySuffix = /^(.+?)_?(id|key|code|sk|pk|fk|uuid|guid|no|number)$/i;

/**
 * Relations that names suggest: `account_id` beside an entity `accounts` that has `account_id` or `id`. Names prove nothing, so each
 * stays a candidate until its values are counted. The target is looked for among entities of the same layer first.
 */
export function findCandidates(entities: readonly Entity[], known: readonly Relationship[]): readonly Candidate[] {
  const byStem = new Map<string, Entity[]>();
  for (const entity of entities)
    for (const stem of toStems(entity.name)) {
      const list = byStem.get(stem);
      if (list === undefined) byStem.set(stem, [entity]);
      else list.push(entity);
    }
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
      const target = pickTarget(entity, column.name, byStem.get(toSingular(stem)) ?? []);
      if (target === undefined) continue;
      const to = { entity: target.entity.id, columns: [target.column] };
      const text = `${entity.name}.${column.name} is named like ${target.entity.name}.${target.column}`;
      found.push({ from, to, because: { kind: 'name', text, path: entity.path } });
    }
  }
  return found;
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

function pickTarget(
  from: Entity,
  column: string,
  entities: readonly Entity[],
): { readonly entity: Entity; readonly column: string } | undefined {
  const layer = toLayer(from);
  const ranked = entities
    .filter((entity) => entity.id !== from.id)
    .sort(
      (a, b) =>
        Number(toLayer(b) === layer) - Number(toLayer(a) === layer) ||
        Number(b.kind === from.kind) - Number(a.kind === from.kind) ||
        Number(b.keys.length > 0) - Number(a.keys.length > 0),
    );
  for (const entity of ranked) {
    const name = column.toLowerCase();
    const target =
      entity.columns.find((at) => at.name.toLowerCase() === name) ??
      entity.columns.find((at) => /^(id|key|code|uuid|sk|pk)$/i.test(at.name));
    if (target) return { entity, column: target.name };
  }
  return undefined;
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

function toSingular(word: string): string {
  if (/ies$/.test(word)) return word.replace(/ies$/, 'y');
  if (/(ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return /[^s]s$/.test(word) ? word.slice(0, -1) : word;
}
