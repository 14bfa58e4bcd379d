import { findReads } from '../docs/cte-reads.ts';
import type { SqlReading } from '../docs/reading.ts';
import { nodesInFile, readSql } from '../docs/reading.ts';
import { knownKeys } from '../keys/grain-answer.ts';
import { nearGrain, toGrainWords } from '../keys/grain-words.ts';
import type { RowKey } from '../keys/row-key.ts';
import type { ProjectNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import { testsOf } from '../project/tests-of.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Cte } from '../sql/ir.ts';
import type { NodeId } from '../text/ids.ts';
import type { Position } from '../text/span.ts';
import { LineMap } from '../text/span.ts';

/** The columns that tell rows apart, where they are known, none for at most one row; and how that is known. */
export interface LensGrain {
  readonly columns: readonly string[];
  readonly because: string;
}

/** What stands above a model or a CTE. */
export type Lens =
  | {
      readonly kind: 'model';
      readonly node: NodeId;
      readonly at: Position;
      /** Relations that it reads, and those that read it. */
      readonly parents: number;
      readonly children: number;
      readonly tests: number;
      readonly ctes: number;
      readonly grain?: LensGrain;
    }
  | {
      readonly kind: 'cte';
      readonly node: NodeId;
      readonly at: Position;
      readonly name: string;
      readonly reads: readonly string[];
      readonly columns: number;
      readonly isOpen: boolean;
      readonly grain?: LensGrain;
    };

/** The models and CTEs of a SQL file, and what is told above each. */
export function findLenses(snapshot: Snapshot, path: string): readonly Lens[] {
  const text = snapshot.sources.find(path)?.text;
  if (text === undefined || !/\.sql$/i.test(path)) return [];
  const lines = new LineMap(text);
  const lenses: Lens[] = [];
  for (const node of nodesInFile(snapshot, path)) {
    if (!isRelation(node) || node.kind === 'source' || !node.enabled) continue;
    const reading = readSql(snapshot, node.id);
    const ctes = reading?.text.path === path ? reading.query.ctes.filter((cte) => cte.scalar !== true) : [];
    const known = nearGrain(snapshot, node.id);
    const grains = known === undefined || ctes.length === 0 ? [] : [...(known.read(node.id)?.text.ctes ?? [])];
    const own = known && toLensGrain(knownKeys(known, node.id));
    const top = lines.position(node.span?.start ?? 0);
    lenses.push({
      kind: 'model',
      node: node.id,
      at: top,
      ...countAround(snapshot, node),
      ctes: ctes.length,
      ...(own === undefined ? {} : { grain: own }),
    });
    for (const cte of ctes) {
      if (reading === undefined || cte.name.text.startsWith('__dbt__cte__')) continue;
      const columns = reading.resolution.ctes.get(cte);
      const at = placeOfCte(lines, reading, cte, top.line);
      if (at === undefined) continue;
      const facts = grains.find(([one]) => one.name.span.start === cte.name.span.start)?.[1];
      const grain = facts && toLensGrain(facts.keys);
      lenses.push({
        kind: 'cte',
        node: node.id,
        at,
        name: cte.name.text,
        reads: findReads(cte),
        columns: columns?.columns.filter((column) => !column.isStar).length ?? 0,
        isOpen: columns?.isOpen === true,
        ...(grain === undefined ? {} : { grain }),
      });
    }
  }
  return lenses;
}

/** Above the name of a CTE; above its query where the name is in the line of the model's own lens, which would join the two. */
function placeOfCte(lines: LineMap, reading: SqlReading, cte: Cte, taken: number): Position | undefined {
  const places = [cte.name.span, cte.query.span].map((span) => lines.position(reading.map.locateSpan(span).start));
  return places.find(({ line }) => line !== taken);
}

function countAround(snapshot: Snapshot, node: ProjectNode): { parents: number; children: number; tests: number } {
  const children = snapshot.graph.children(node.id).flatMap((id) => snapshot.nodes.get(id) ?? []);
  const isTest = (one: ProjectNode): boolean => one.kind === 'test' || one.kind === 'unit_test';
  return {
    parents: snapshot.graph.parents(node.id).length,
    children: children.filter((one) => one.enabled && !isTest(one)).length,
    tests: testsOf(node.id, snapshot.nodes, snapshot.graph).length,
  };
}

function toLensGrain(keys: readonly RowKey[]): LensGrain | undefined {
  const [key] = keys;
  const words = toGrainWords(keys);
  if (key === undefined || words === undefined) return undefined;
  return {
    columns: key.columns,
    because: [`${words.text} (${words.how})`, ...words.because.slice(0, 6).map(({ text }) => text)].join('\n'),
  };
}
