import type { ModelNode, ProjectNode, SourceNode } from '../project/node.ts';
import type { NodeId } from '../text/ids.ts';
import { withNearest } from '../text/nearest.ts';
import type { PlainRecord, RefCall, RelationName, Resolution, Resolver, SourceCall } from './environment.ts';

type Referable = Extract<ProjectNode, { kind: 'model' | 'seed' | 'snapshot' }>;

/** Resolves names as dbt does: an explicit package, else the root's, the caller's own, any. */
export class ProjectResolver implements Resolver {
  readonly #byName = new Map<string, Referable[]>();
  readonly #sources = new Map<string, SourceNode[]>();
  readonly #byRelation = new Map<string, Referable | SourceNode>();
  /** The packages that have nodes which can be named. */
  readonly #packages: ReadonlySet<string>;
  /** What names were found to mean: most are asked for several times. */
  readonly #refs = new Map<string, Resolution>();
  readonly #found = new Map<string, Resolution>();
  #graph: PlainRecord | undefined;

  constructor(
    readonly root: string,
    nodes: Iterable<ProjectNode>,
    private readonly toRelation: (node: Referable | SourceNode) => RelationName,
    private readonly toGraph: () => PlainRecord,
    /** The names of packages that are declared and not installed. */
    private readonly missing: ReadonlySet<string> = new Set(),
  ) {
    const packages = new Set<string>();
    for (const node of nodes) {
      if (node.kind === 'model' || node.kind === 'seed' || node.kind === 'snapshot') push(this.#byName, node.name, node);
      else if (node.kind === 'source') push(this.#sources, `${node.sourceName}.${node.name}`, node);
      else continue;
      packages.add(node.package);
      if (node.enabled) this.#byRelation.set(`${node.schema}.${node.identifier}`.toLowerCase(), node);
    }
    this.#packages = packages;
  }

  ref(call: RefCall, from: { readonly package: string }): Resolution {
    const key = `${call.package ?? ''}\n${call.name}\n${call.version ?? ''}\n${from.package}`;
    let found = this.#refs.get(key);
    if (found === undefined) {
      found = this.#findRef(call, from);
      this.#refs.set(key, found);
    }
    return found;
  }

  #findRef(call: RefCall, from: { readonly package: string }): Resolution {
    const asked = splitVersion(call, this.#byName);
    const all = this.#byName.get(asked.name) ?? [];
    const candidates = all.filter((node) => call.package === undefined || node.package === call.package);
    const enabled = candidates.filter((node) => node.enabled);
    const node = pickVersion(pickPackage(enabled, from.package, this.root), asked.version);
    if (node) return { kind: 'found', node: node.id, relation: this.toRelation(node) };
    const written = `ref(${[call.package, call.name].flatMap((part) => (part === undefined ? [] : [`'${part}'`])).join(', ')})`;
    if (candidates.length > 0 && enabled.length === 0)
      return {
        kind: 'missing',
        code: 'ref-disabled',
        message: `${written} names a node that is disabled (${candidates[0]?.path}): enable it, or take the reference away.`,
      };
    if (enabled.length > 0)
      return {
        kind: 'missing',
        code: 'ref-unknown',
        message: `'${asked.name}' has no version ${asked.version}: it has ${enabled
          .flatMap((one) => (one.kind === 'model' && one.version !== undefined ? [one.version] : []))
          .sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1))
          .join(', ')}.`,
      };
    const unknown = `There is no model, seed or snapshot for ${written}.`;
    if (this.missing.size > 0 && (call.package === undefined || !this.#packages.has(call.package)))
      return {
        kind: 'missing',
        code: 'ref-unknown',
        message: `${withNearest(unknown, call.name, this.#byName.keys())} It may be of a package that is not installed: run \`dbt deps\`.`,
        severity: 'warning',
      };
    return { kind: 'missing', code: 'ref-unknown', message: withNearest(unknown, call.name, this.#byName.keys()) };
  }

  source(call: SourceCall, from: { readonly package: string }): Resolution {
    const key = `${call.source}\n${call.table}\n${from.package}`;
    let found = this.#found.get(key);
    if (found === undefined) {
      found = this.#findSource(call, from);
      this.#found.set(key, found);
    }
    return found;
  }

  #findSource(call: SourceCall, from: { readonly package: string }): Resolution {
    const key = `${call.source}.${call.table}`;
    const all = this.#sources.get(key) ?? [];
    const enabled = all.filter((node) => node.enabled);
    const node = pickPackage(enabled, from.package, this.root)[0];
    if (node) return { kind: 'found', node: node.id, relation: this.toRelation(node) };
    if (all.length > 0) return { kind: 'missing', code: 'ref-disabled', message: `source('${call.source}', '${call.table}') is disabled.` };
    return {
      kind: 'missing',
      code: 'source-unknown',
      message: withNearest(`No properties file declares source('${call.source}', '${call.table}').`, key, this.#sources.keys()),
    };
  }

  /** The relation of a node by the name it has in the database: to a template, all that the project can build exists. */
  relationNamed(name: RelationName): RelationName | undefined {
    const node = this.#byRelation.get(`${name.schema ?? ''}.${name.identifier}`.toLowerCase());
    if (node === undefined) return undefined;
    return { ...this.toRelation(node), type: node.materialized === 'view' ? 'view' : 'table' };
  }

  graph(): PlainRecord {
    this.#graph ??= this.toGraph();
    return this.#graph;
  }

  /** Says that texts of nodes changed, which the graph holds. */
  forgetGraph(): void {
    this.#graph = undefined;
  }

  /** The node of a resolution, for callers that have no package to speak from. */
  findByName(name: string, packageName = this.root): NodeId | undefined {
    const found = this.ref({ name }, { package: packageName });
    return found.kind === 'found' ? found.node : undefined;
  }
}

/** `orders.v2` asks for a version unless a model has that very name. */
function splitVersion(call: RefCall, names: ReadonlyMap<string, unknown>): { readonly name: string; readonly version?: string } {
  if (call.version !== undefined) return { name: call.name, version: String(call.version) };
  const match = /^(.*)\.v([^.]+)$/.exec(call.name);
  if (!match || names.has(call.name)) return { name: call.name };
  return { name: match[1] as string, version: match[2] as string };
}

function pickPackage<T extends { readonly package: string }>(nodes: readonly T[], own: string, root: string): readonly T[] {
  for (const wanted of [root, own]) {
    const found = nodes.filter((node) => node.package === wanted);
    if (found.length > 0) return found;
  }
  const first = nodes[0]?.package;
  return nodes.filter((node) => node.package === first);
}

function pickVersion(nodes: readonly Referable[], version: string | undefined): Referable | undefined {
  const versioned = nodes.filter((node): node is ModelNode => node.kind === 'model' && node.version !== undefined);
  if (version !== undefined) return versioned.find((node) => node.version === version);
  // Of one name dbt takes what it read last: seeds after snapshots after models.
  const other = nodes.find((node) => node.kind === 'seed') ?? nodes.find((node) => node.kind === 'snapshot');
  if (other !== undefined) return other;
  if (versioned.length === 0) return nodes[0];
  return versioned.find((node) => node.version === node.latestVersion) ?? versioned.at(-1);
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
