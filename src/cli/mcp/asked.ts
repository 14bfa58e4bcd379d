import { isRelation, type ProjectNode } from '../../core/project/node.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { NodeId } from '../../core/text/ids.ts';
import { findNear } from '../../core/text/nearest.ts';
import type { OpenedProject } from '../project.ts';
import { asName } from './answer-text.ts';

/** What a tool was asked with. */
export class Asked {
  constructor(
    readonly opened: OpenedProject,
    private readonly input: Readonly<Record<string, unknown>>,
  ) {}

  get snapshot(): Snapshot {
    return this.opened.snapshot;
  }

  /** An argument as text; blank counts as none. */
  text(name: string): string | undefined {
    const value = this.input[name];
    if (value === undefined || value === null) return undefined;
    const text = Array.isArray(value) ? value.map(String).join(',') : String(value);
    return text.trim() === '' ? undefined : text.trim();
  }

  /** An argument that must be there. */
  need(name: string, example: string): string {
    const text = this.text(name);
    if (text === undefined) throw new Refused(`'${name}' is missing: give for example {"${name}": "${example}"}.`);
    return text;
  }

  number(name: string, otherwise: number, most: number): number {
    const value = this.text(name);
    if (value === undefined) return otherwise;
    const number = Number(value);
    if (!Number.isInteger(number) || number < 0) throw new Refused(`'${name}' needs a whole number, not '${value.slice(0, 40)}'.`);
    return Math.min(number, most);
  }

  get offset(): number {
    return this.number('offset', 0, 1_000_000);
  }

  /** The node of a name. */
  node(name: string): ProjectNode {
    const found = findNodes(this.snapshot, name);
    const [first, second] = found;
    if (first === undefined) throw new Refused(this.#noNode(name));
    if (second === undefined) return first;
    throw new Refused(
      `'${name}' names several nodes; ask with one of these ids: ${found
        .slice(0, 12)
        .map(({ id }) => asName(id))
        .join(', ')}.`,
    );
  }

  /** The node of a name, or a node's column. */
  target(name: string): { readonly node: ProjectNode; readonly column?: string } {
    if (findNodes(this.snapshot, name).length > 0) return { node: this.node(name) };
    const dot = name.lastIndexOf('.');
    const owner = dot < 1 ? '' : name.slice(0, dot);
    if (owner === '' || findNodes(this.snapshot, owner).length === 0) throw new Refused(this.#noNode(name));
    const node = this.node(owner);
    const wanted = name.slice(dot + 1);
    const columns = this.snapshot.columns.get(node.id) ?? [];
    const column = columns.find((one) => one.name.toLowerCase() === wanted.toLowerCase());
    if (column !== undefined) return { node, column: column.name };
    const names = columns.map((one) => one.name);
    const near = findNear(wanted, names, 5);
    const offer = near.length > 0 ? near : names.slice(0, 20);
    throw new Refused(
      `${asName(nameOf(node))} has no column '${wanted.slice(0, 80)}'; ${offer.length === 0 ? 'its columns are not known' : `try ${offer.map(asName).join(', ')}`}.`,
    );
  }

  #noNode(name: string): string {
    const names = [...this.snapshot.nodes.values()].filter((node) => node.kind !== 'test').map(nameOf);
    const near = findNear(name, names, 5);
    return `There is no node '${name.slice(0, 120)}'. ${near.length === 0 ? 'Ask find with a part of its name.' : `Try ${near.map(asName).join(', ')}, or ask find.`}`;
  }
}

/** A question that cannot be answered as it was asked; the message says what to ask instead. */
export class Refused extends Error {}

/** A node's name as SQL and people write it: sources with their schema's name. */
export function nameOf(node: ProjectNode): string {
  if (node.kind === 'source') return `${node.sourceName}.${node.name}`;
  return node.kind === 'model' && node.version !== undefined ? `${node.name}.v${node.version}` : node.name;
}

/** What an id is called; ids that are no node's stand as they are. */
export function nameById(snapshot: Snapshot, id: string): string {
  const node = snapshot.nodes.get(id as NodeId);
  return asName(node === undefined ? id : nameOf(node));
}

function findNodes({ nodes }: Snapshot, name: string): readonly ProjectNode[] {
  const byId = nodes.get(name as NodeId);
  if (byId !== undefined) return [byId];
  const all = [...nodes.values()];
  const wanted = name.toLowerCase();
  const named = all.filter((node) => nameOf(node).toLowerCase() === wanted || node.name.toLowerCase() === wanted);
  // A relation wins over a test or metric of its name.
  const relations = named.filter((node) => isRelation(node) && node.enabled);
  if (relations.length > 0) {
    const own = relations.filter((node) => node.kind !== 'source');
    return own.length > 0 ? own : relations;
  }
  return named;
}
