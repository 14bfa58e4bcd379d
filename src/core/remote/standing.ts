import type { RelationName } from '../dbt/environment.ts';
import { isRelation, type ProjectNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { RemoteRelation, Warehouse } from './warehouse.ts';

/** Which of the project's relations stand in the database, with their columns. */
export class StandingRelations {
  readonly #byName = new Map<string, RemoteRelation>();

  private constructor(relations: readonly RemoteRelation[]) {
    for (const relation of relations) this.#byName.set(keyOf(relation.schema, relation.name), relation);
  }

  /** Asks for the schemas that the project's relations lie in. */
  static async read(warehouse: Warehouse, snapshot: Snapshot): Promise<StandingRelations> {
    const schemas = new Set<string>();
    for (const node of snapshot.nodes.values()) if (isRelation(node) && node.enabled) schemas.add(node.schema);
    return new StandingRelations(schemas.size === 0 ? [] : await warehouse.relations([...schemas].sort()));
  }

  find({ schema, identifier }: Pick<RelationName, 'schema' | 'identifier'>): RemoteRelation | undefined {
    return schema === undefined ? undefined : this.#byName.get(keyOf(schema, identifier));
  }

  has(node: ProjectNode): boolean {
    return isRelation(node) && this.find(node) !== undefined;
  }

  /** Reads the relations of a schema again, after a build changed some. */
  async refresh(warehouse: Warehouse, schema: string): Promise<void> {
    const before = `${schema.toLowerCase()}.`;
    for (const key of [...this.#byName.keys()]) if (key.startsWith(before)) this.#byName.delete(key);
    for (const relation of await warehouse.relations([schema])) this.#byName.set(keyOf(relation.schema, relation.name), relation);
  }
}

/** Names of relations in the state of another environment, by node, as their SQL is written. */
export type DeferredRelations = ReadonlyMap<NodeId, string>;

/** Reads the relations that a dbt manifest names; what is no manifest names none. */
export function readDeferred(manifest: unknown): DeferredRelations {
  const found = new Map<NodeId, string>();
  const nodes = isObject(manifest) ? manifest.nodes : undefined;
  if (!isObject(nodes)) return found;
  for (const [id, node] of Object.entries(nodes))
    if (isObject(node) && typeof node.relation_name === 'string' && node.relation_name !== '') found.set(id as NodeId, node.relation_name);
  return found;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Names are quoted in dbt's SQL where the adapter quotes, but databases fold them: case does not tell relations apart here. */
function keyOf(schema: string, name: string): string {
  return `${schema}.${name}`.toLowerCase();
}
