import { findCandidates, findOwnKey, keySuffix } from './candidates.ts';
import type { Because, Cardinality, End, Entity, Erd, ErdFact, ErdSource, Key, Relationship } from './erd.ts';
import { toEndKey } from './erd.ts';

/** The entities and relations that a project declares, and those that names suggest; nothing is measured here. */
export function buildErd(source: ErdSource): Erd {
  const notNull = new Set(source.facts.flatMap((fact) => (fact.kind === 'not-null' ? [toEndKey(fact.of)] : [])));
  const keys = collectKeys(source.facts);
  const references = new Set(source.facts.flatMap((fact) => (fact.kind === 'reference' ? [toEndKey(fact.to)] : [])));
  const entities = source.entities.map((entity): Entity => {
    const made: Entity = {
      ...entity,
      columns: entity.columns.map((column) => ({
        ...column,
        notNull: column.notNull || notNull.has(toEndKey({ entity: entity.id, columns: [column.name] })),
      })),
      keys: keys.get(entity.id) ?? [],
    };
    return { ...made, keys: choosePrimary(made, references) };
  });
  const byId = new Map(entities.map((entity) => [entity.id, entity]));
  const declared = new Map<string, Relationship>();
  for (const fact of source.facts) {
    if (fact.kind !== 'reference' || !byId.has(fact.from.entity) || !byId.has(fact.to.entity)) continue;
    const key = `${toEndKey(fact.from)}\n>${toEndKey(fact.to)}`;
    const known = declared.get(key);
    if (known) declared.set(key, { ...known, because: [...known.because, fact.because] });
    else declared.set(key, toRelationship(byId, fact.from, fact.to, 'declared', [fact.because]));
  }
  const relationships = [...declared.values()];
  for (const { from, to, because, otherwise } of findCandidates(entities, relationships)) {
    const others = otherwise.map((other) => toRelationship(byId, from, other.to, 'candidate', [other.because]));
    relationships.push({
      ...toRelationship(byId, from, to, 'candidate', [because]),
      ...(others.length === 0 ? {} : { otherwise: others }),
    });
  }
  return { entities, relationships };
}

/** A relation between two ends; its cardinality follows from the keys of both. */
export function toRelationship(
  entities: ReadonlyMap<string, Entity>,
  from: End,
  to: End,
  status: Relationship['status'],
  because: readonly Because[],
): Relationship {
  const one = isKey(entities.get(from.entity), from.columns);
  const columns = entities.get(from.entity)?.columns ?? [];
  const optional = !from.columns.every((name) => columns.find((column) => column.name.toLowerCase() === name.toLowerCase())?.notNull);
  // A reference means its target to be unique; only counting values says otherwise.
  const cardinality: Cardinality = one ? 'one-to-one' : 'many-to-one';
  return { from, to, cardinality, optional, status, because };
}

/** Whether the columns hold a key of the entity, so that no two rows agree in them. */
export function isKey(entity: Entity | undefined, columns: readonly string[]): boolean {
  const names = new Set(columns.map((column) => column.toLowerCase()));
  return entity?.keys.some((key) => !key.broken && key.columns.every((column) => names.has(column.toLowerCase()))) ?? false;
}

function collectKeys(facts: readonly ErdFact[]): Map<string, Key[]> {
  const found = new Map<string, Map<string, Key>>();
  for (const fact of facts) {
    if (fact.kind !== 'primary-key' && fact.kind !== 'unique') continue;
    const keys = found.get(fact.of.entity) ?? new Map<string, Key>();
    found.set(fact.of.entity, keys);
    const at = toEndKey(fact.of);
    const known = keys.get(at);
    keys.set(at, {
      columns: known?.columns ?? fact.of.columns,
      kind: fact.kind === 'primary-key' || known?.kind === 'primary' ? 'primary' : 'unique',
      because: [...(known?.because ?? []), fact.because],
    });
  }
  return new Map([...found].map(([entity, keys]) => [entity, [...keys.values()]]));
}

/** The keys of an entity, the one that identifies its rows first: as declared, else the one that suits best of those that are unique. */
function choosePrimary(entity: Entity, references: ReadonlySet<string>): readonly Key[] {
  const declared = entity.keys.findIndex((key) => key.kind === 'primary');
  const own = findOwnKey(entity)?.toLowerCase();
  const isNotNull = (name: string): boolean =>
    entity.columns.some((column) => column.notNull && column.name.toLowerCase() === name.toLowerCase());
  // What others refer to or the entity is named after comes before what merely happens to be unique, such as an e-mail address.
  const rank = (key: Key): number =>
    (references.has(toEndKey({ entity: entity.id, columns: key.columns })) ? 8 : 0) +
    (key.columns.length === 1 && key.columns[0]?.toLowerCase() === own ? 4 : 0) +
    (key.columns.some((column) => keySuffix.test(column)) ? 2 : 0) +
    (key.columns.length === 1 ? 1 : 0);
  const identifying = entity.keys.filter((key) => key.columns.every(isNotNull));
  // A lone key that is named like one identifies the rows, also where nobody says that it is never null.
  const [lone, ...others] = entity.keys;
  const usual = others.length === 0 && lone?.columns.length === 1 && keySuffix.test(lone.columns[0] ?? '') ? lone : undefined;
  const best =
    declared >= 0
      ? entity.keys[declared]
      : (identifying.reduce<Key | undefined>((a, b) => (a && rank(a) >= rank(b) ? a : b), undefined) ?? usual);
  if (best === undefined) return entity.keys;
  return [{ ...best, kind: 'primary' }, ...entity.keys.filter((key) => key !== best).map((key): Key => ({ ...key, kind: 'unique' }))];
}
