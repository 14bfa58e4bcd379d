import { stringify } from 'yaml';
import type { Cell } from '../engine/engine.ts';
import type { PreviewSession } from '../engine/preview.ts';
import type { ModelNode, UnitTestRows } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import { runUnitTest } from './run-unit-test.ts';
import { toTrial } from './trial.ts';

type Row = Readonly<Record<string, unknown>>;

/**
 * A unit test of a model as YAML: the first rows of everything that it reads are given, and what it makes of them now is expected. It
 * passes as it is; whoever keeps it says with it that this is what was meant. A sentence where the model cannot be run.
 */
export async function buildUnitTest(
  session: PreviewSession,
  snapshot: Snapshot,
  model: ModelNode,
  rowsEach: number,
): Promise<{ readonly yaml: string } | { readonly problem: string }> {
  const given: UnitTestRows[] = [];
  for (const id of snapshot.graph.parents(model.id)) {
    const node = snapshot.nodes.get(id);
    if (node === undefined || !isRelation(node)) continue;
    const answer = await session.preview({ kind: 'node', node: id });
    if (answer.kind === 'failed') return { problem: answer.problems[0]?.message ?? `'${node.name}' cannot be built.` };
    const names = answer.result.columns.map((column) => column.name);
    const rows = (await answer.result.page(0, rowsEach)).map((row) => toRow(names, row));
    const input = node.kind === 'source' ? `source('${node.sourceName}', '${node.name}')` : `ref('${node.name}')`;
    given.push({ input, format: 'dict', rows });
  }
  const name = `${model.name}_keeps_its_rows`;
  const trial = toTrial(model, name, given);
  const outcome = await runUnitTest(session, snapshot, trial);
  if (outcome.status === 'error') return { problem: outcome.message };
  const expected =
    outcome.sample === undefined
      ? []
      : outcome.sample.rows.map((row) => toRow(outcome.sample?.columns.map((column) => column.name) ?? [], row));
  const tests = [
    {
      name,
      model: model.name,
      given: given.map(({ input, rows }) => ({ input, rows })),
      expect: { rows: expected },
    },
  ];
  return { yaml: stringify({ unit_tests: tests }, { lineWidth: 0 }) };
}

function toRow(names: readonly string[], row: readonly Cell[]): Row {
  return Object.fromEntries(names.map((name, i) => [name, toValue(row[i] ?? null)]));
}

function toValue(value: Cell): unknown {
  return value instanceof Uint8Array ? Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('') : value;
}
