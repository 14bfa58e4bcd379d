import type { ProjectNode, SourceNode } from '../project/node.ts';
import { nameOf, type ProjectShape } from './project-shape.ts';

/** What a rule says of a node. */
export interface HealthFinding {
  readonly node: ProjectNode;
  readonly message: string;
}

/** A rule about the shape of a project, after those of dbt-project-evaluator. */
export interface HealthRule {
  readonly code: string;
  readonly title: string;
  readonly advice: string;
  /** How many of something are too many, where the rule counts. */
  readonly threshold?: number;
  find(shape: ProjectShape, threshold: number): readonly HealthFinding[];
}

const isView = (node: ProjectNode) => node.kind === 'model' && (node.materialized === 'view' || node.materialized === 'ephemeral');
const names = (nodes: readonly ProjectNode[]) => nodes.map(nameOf).sort().join(', ');
const sourcesOf = (shape: ProjectShape, node: ProjectNode) =>
  shape.parents(node.id).filter((one): one is SourceNode => one.kind === 'source');

/** The rules about who reads whom. */
export const shapeRules: readonly HealthRule[] = [
  {
    code: 'direct-join-to-source',
    title: 'A model reads a source beside other models',
    advice: 'Give the source a staging model, and read that.',
    find: (shape) =>
      shape.ofKind('model').flatMap((node) => {
        const sources = sourcesOf(shape, node);
        if (sources.length === 0 || !shape.parents(node.id).some(({ kind }) => kind === 'model')) return [];
        return [{ node, message: `${nameOf(node)} reads other models and, past staging, ${names(sources)}.` }];
      }),
  },
  {
    code: 'downstream-reads-source',
    title: 'A mart or an intermediate model reads a source',
    advice: 'Give the source a staging model, and read that.',
    find: (shape) =>
      shape.ofKind('model').flatMap((node) => {
        const sources = sourcesOf(shape, node);
        const layer = shape.layerOf(node);
        if (sources.length === 0 || (layer !== 'marts' && layer !== 'intermediate')) return [];
        return [{ node, message: `${nameOf(node)} is of the layer ${layer} and reads ${names(sources)} itself.` }];
      }),
  },
  {
    code: 'duplicate-source',
    title: 'Two sources name the same table',
    advice: 'Keep one of them, so that lineage meets in one node.',
    find: (shape) => {
      const known = new Map<string, SourceNode>();
      return shape.ofKind('source').flatMap((node) => {
        const key = JSON.stringify([node.database, node.schema, node.identifier]).toLowerCase();
        const first = known.get(key);
        if (first === undefined) known.set(key, node);
        return first === undefined ? [] : [{ node, message: `${nameOf(node)} and ${nameOf(first)} are the same table.` }];
      });
    },
  },
  {
    code: 'model-fanout',
    title: 'Many models that nothing reads hang on one node',
    advice: 'Let the BI tool do what they do, or move what they share upstream.',
    threshold: 3,
    find: (shape, threshold) =>
      shape.own.flatMap((node) => {
        const leaves = shape.children(node.id).filter((child) => child.kind === 'model' && shape.children(child.id).length === 0);
        return leaves.length < threshold
          ? []
          : [{ node, message: `${leaves.length} models at the end read ${nameOf(node)}: ${names(leaves)}.` }];
      }),
  },
  {
    code: 'multiple-sources-joined',
    title: 'A model reads several sources',
    advice: 'Give each source a staging model, and join those.',
    find: (shape) =>
      shape.ofKind('model').flatMap((node) => {
        const sources = sourcesOf(shape, node);
        return sources.length < 2 ? [] : [{ node, message: `${nameOf(node)} reads ${sources.length} sources: ${names(sources)}.` }];
      }),
  },
  {
    code: 'rejoined-upstream',
    title: 'A model joins what one of its parents was made from, and nothing else reads that parent',
    advice: 'Make the parent a CTE of the model.',
    find: (shape) =>
      shape.ofKind('model').flatMap((node) => {
        const parents = shape.parents(node.id);
        return parents.flatMap((between) => {
          if (between.kind !== 'model' || shape.children(between.id).length !== 1) return [];
          const above = shape.parents(between.id).filter((one) => parents.includes(one));
          return above.map((one) => ({
            node,
            message: `${nameOf(node)} joins ${nameOf(one)} again: ${nameOf(between)} is made from it, and nothing else reads ${nameOf(between)}.`,
          }));
        });
      }),
  },
  {
    code: 'source-fanout',
    title: 'Several models read one source',
    advice: 'Let one staging model read it, and the others that.',
    find: (shape) =>
      shape.ofKind('source').flatMap((node) => {
        const readers = shape.children(node.id).filter(({ kind }) => kind === 'model');
        return readers.length < 2 ? [] : [{ node, message: `${readers.length} models read ${nameOf(node)}: ${names(readers)}.` }];
      }),
  },
  ...['staging', 'downstream'].map(
    (kind): HealthRule => ({
      code: `staging-reads-${kind}`,
      title: kind === 'staging' ? 'A staging model reads another one' : 'A staging model reads a mart or an intermediate model',
      advice: 'Let it read a source, or move it to the layer that it is of.',
      find: (shape) =>
        [...shape.ofKind('model'), ...shape.ofKind('snapshot')].flatMap((node) => {
          if (shape.layerOf(node) !== 'staging') return [];
          const wrong = shape.parents(node.id).filter((parent) => {
            if (parent.kind !== 'model' && parent.kind !== 'snapshot') return false;
            const layer = shape.layerOf(parent);
            return kind === 'staging' ? layer === 'staging' : layer === 'marts' || layer === 'intermediate';
          });
          return wrong.length === 0 ? [] : [{ node, message: `The staging model ${nameOf(node)} reads ${names(wrong)}.` }];
        }),
    }),
  ),
  {
    code: 'too-many-joins',
    title: 'A model reads many others',
    advice: 'Join some of them in intermediate models first.',
    threshold: 7,
    find: (shape, threshold) =>
      shape.ofKind('model').flatMap((node) => {
        const { length } = shape.parents(node.id);
        return length < threshold ? [] : [{ node, message: `${nameOf(node)} reads ${length} others.` }];
      }),
  },
  {
    code: 'chained-views',
    title: 'A long chain of views stands behind a model',
    advice: 'Make one of them a table, so that the chain is not run at every query.',
    threshold: 5,
    find: (shape, threshold) => {
      const lengths = new Map<string, number>();
      const chain = (node: ProjectNode): number => {
        const known = lengths.get(node.id);
        if (known !== undefined) return known;
        lengths.set(node.id, 0);
        const length = Math.max(
          0,
          ...shape
            .parents(node.id)
            .filter(isView)
            .map((parent) => 1 + chain(parent)),
        );
        lengths.set(node.id, length);
        return length;
      };
      return shape.ofKind('model').flatMap((node) => {
        const goesOn = isView(node) && shape.children(node.id).some(({ kind }) => kind === 'model');
        return chain(node) <= threshold || goesOn ? [] : [{ node, message: `${chain(node)} views in a row stand behind ${nameOf(node)}.` }];
      });
    },
  },
  {
    code: 'exposure-reads-view',
    title: 'An exposure reads a view or a source',
    advice: 'Make what it reads a table.',
    find: (shape) =>
      shape.ofKind('exposure').flatMap((node) => {
        const slow = shape.parents(node.id).filter((parent) => parent.kind === 'source' || isView(parent));
        return slow.length === 0 ? [] : [{ node, message: `The exposure ${node.name} reads what is not a table: ${names(slow)}.` }];
      }),
  },
];
