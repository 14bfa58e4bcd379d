import { type ErdFact, toEndKey } from '../erd/erd.ts';
import { toErdSource } from '../erd/from-snapshot.ts';
import type { ProjectNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { Proof, RowKey } from './row-key.ts';

/** A relation that a foreign key or a test names: many rows of `from` have one partner each in `to`. */
export interface DeclaredReference {
  readonly from: { readonly entity: string; readonly columns: readonly string[] };
  readonly to: { readonly entity: string; readonly columns: readonly string[] };
}

/** What a project declares of the rows of its relations. */
export interface Declarations {
  readonly keys: ReadonlyMap<NodeId, readonly RowKey[]>;
  readonly notNull: ReadonlyMap<NodeId, ReadonlySet<string>>;
  readonly references: readonly DeclaredReference[];
}

const known = new WeakMap<Snapshot, Declarations>();

/** The keys that tests, constraints, dictionaries, semantic models and configurations of a project declare. */
export function declarationsOf(snapshot: Snapshot): Declarations {
  const before = known.get(snapshot);
  if (before !== undefined) return before;
  const { facts } = toErdSource(snapshot);
  const notNull = new Map<NodeId, Set<string>>();
  const note = (entity: string, columns: readonly string[]): void => {
    const set = notNull.get(entity as NodeId) ?? new Set();
    for (const column of columns) set.add(fold(column));
    notNull.set(entity as NodeId, set);
  };
  for (const fact of facts) if (fact.kind === 'not-null' || fact.kind === 'primary-key') note(fact.of.entity, fact.of.columns);
  const keys = new Map<NodeId, RowKey[]>();
  const seen = new Set<string>();
  for (const fact of facts) {
    if (fact.kind !== 'unique' && fact.kind !== 'primary-key') continue;
    const key = toEndKey(fact.of);
    if (seen.has(key)) continue;
    seen.add(key);
    append(keys, fact.of.entity as NodeId, toKey(fact, notNull.get(fact.of.entity as NodeId)));
  }
  for (const node of snapshot.nodes.values()) for (const [id, key] of node.enabled ? keysOfNode(snapshot, node) : []) append(keys, id, key);
  const references = facts.flatMap((fact) => (fact.kind === 'reference' ? [{ from: fact.from, to: fact.to }] : []));
  const made = { keys, notNull, references };
  known.set(snapshot, made);
  return made;
}

function toKey(fact: Extract<ErdFact, { kind: 'unique' | 'primary-key' | 'not-null' }>, notNull: ReadonlySet<string> | undefined): RowKey {
  const columns = fact.of.columns.map(fold);
  const isFull = columns.every((column) => notNull?.has(column));
  // Tests of several columns count rows with NULL among them as alike.
  const nulls = isFull ? 'none' : /combination|compound/.test(fact.because.text) ? 'one' : 'many';
  return { columns, nulls, isDeclared: true, because: [toProof(columns, fact.because)] };
}

function toProof(columns: readonly string[], { text, path, line }: ErdFact['because']): Proof {
  return { text: `${columns.join(', ')}: ${text}`, ...(path === undefined ? {} : { path }), ...(line === undefined ? {} : { line }) };
}

/** Keys that the configuration of a node, or a semantic model, declares. */
function keysOfNode(snapshot: Snapshot, node: ProjectNode): readonly (readonly [NodeId, RowKey])[] {
  if (node.kind === 'snapshot') {
    const unique = textsOf(node.config.unique_key);
    const places = { path: node.path };
    return [
      [
        node.id,
        {
          columns: ['dbt_scd_id'],
          nulls: 'none',
          isDeclared: false,
          because: [{ text: 'dbt gives every version of a snapshot its own dbt_scd_id', ...places }],
        },
      ],
      ...(unique.length === 0
        ? []
        : [
            [
              node.id,
              {
                columns: [...unique, 'dbt_valid_from'],
                nulls: 'none',
                isDeclared: true,
                because: [{ text: `unique_key of the snapshot: ${unique.join(', ')}`, ...places }],
              },
            ] as const,
          ]),
    ];
  }
  if (node.kind === 'model' && node.materialized === 'incremental') {
    const unique = textsOf(node.config.unique_key);
    return unique.length === 0
      ? []
      : [
          [
            node.id,
            {
              columns: unique,
              nulls: 'one',
              isDeclared: true,
              because: [{ text: `unique_key of the incremental model: ${unique.join(', ')}`, path: node.path }],
            },
          ],
        ];
  }
  if (node.kind !== 'semantic_model') return [];
  const [model] = snapshot.graph.parents(node.id).filter((id) => id.startsWith('model.'));
  const { entities } = node.definition as { readonly entities?: unknown };
  if (model === undefined || !Array.isArray(entities)) return [];
  return entities.flatMap((entity: unknown) => {
    const { name, type, expr } = (entity ?? {}) as Record<string, unknown>;
    const column = typeof expr === 'string' ? expr : name;
    if ((type !== 'primary' && type !== 'unique') || typeof column !== 'string' || !/^\w+$/.test(column)) return [];
    const because = [{ text: `${type} entity of the semantic model ${node.name}`, path: node.path }];
    return [[model, { columns: [fold(column)], nulls: type === 'primary' ? 'none' : 'many', isDeclared: true, because }] as const];
  });
}

function textsOf(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.every((one) => typeof one === 'string' && /^["`[]?\w+["`\]]?$/.test(one)) ? list.map((one) => fold(String(one))) : [];
}

function fold(column: string): string {
  return column.replace(/^["`[]|["`\]]$/g, '').toLowerCase();
}

function append<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
