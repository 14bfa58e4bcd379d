import { isRelation } from '../project/node.ts';
import { testsOf } from '../project/tests-of.ts';
import type { Snapshot } from '../snapshot.ts';

/** How many of all. */
export interface Share {
  readonly name: string;
  readonly some: number;
  readonly all: number;
  /** Ids of those that are missing, the first of them. */
  readonly missing: readonly string[];
}

export type Coverage = readonly Share[];

const mostMissing = 200;

/** How much of a project's own part is described, tested, keyed, read and owned. */
export function measureCoverage(snapshot: Snapshot): Coverage {
  const own = [...snapshot.nodes.values()].filter((node) => node.enabled && node.package === snapshot.project.name);
  const models = own.filter((node) => node.kind === 'model');
  const sources = own.filter((node) => node.kind === 'source');
  const exposures = own.filter((node) => node.kind === 'exposure');
  const macrosOf = (id: (typeof own)[number]['id']): readonly string[] =>
    testsOf(id, snapshot.nodes, snapshot.graph).flatMap((test) =>
      test.kind === 'test' && test.generic !== undefined ? [test.generic.macro] : [],
    );
  const hasKey = (id: (typeof own)[number]['id']): boolean => {
    const node = snapshot.nodes.get(id);
    if (node !== undefined && isRelation(node) && node.constraints.some(({ kind }) => kind === 'primary_key')) return true;
    return macrosOf(id).some((macro) => macro === 'unique' || /unique_combination_of_columns$/.test(macro));
  };
  const columns = models.flatMap((node) => snapshot.columns.get(node.id) ?? []);
  const described = columns.filter(({ description }) => description !== '').length;
  return [
    share('models with a description', models, (node) => node.description !== ''),
    { name: 'columns of models with a description', some: described, all: columns.length, missing: [] },
    share('models with a test', models, ({ id }) => testsOf(id, snapshot.nodes, snapshot.graph).length > 0),
    share('models with a key that is tested', models, ({ id }) => hasKey(id)),
    share('sources with a description', sources, (node) => node.description !== ''),
    share('sources that something reads', sources, ({ id }) =>
      snapshot.graph.children(id).some((child) => !/^(test|unit_test)\./.test(child)),
    ),
    share('exposures with an owner', exposures, (node) => node.kind === 'exposure' && (node.owner.name ?? node.owner.email) !== undefined),
  ].filter(({ all }) => all > 0);
}

function share<Item extends { readonly id: string }>(name: string, items: readonly Item[], has: (item: Item) => boolean): Share {
  const missing = items.filter((item) => !has(item)).map(({ id }) => id);
  return { name, some: items.length - missing.length, all: items.length, missing: missing.slice(0, mostMissing) };
}
