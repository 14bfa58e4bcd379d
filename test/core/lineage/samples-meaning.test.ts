import { describe, expect, it } from 'vitest';
import { Analyzer } from '../../../src/core/analyze.ts';
import { templateEngine } from '../../../src/core/dbt/template-engine.ts';
import { PreviewSession } from '../../../src/core/engine/preview.ts';
import { LineageQuestions } from '../../../src/core/lineage/questions.ts';
import { Sources } from '../../../src/core/project/sources.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';
import { Disk } from '../../../src/disk/disk.ts';
import { openSqlite } from '../../support/open-sqlite.ts';

const settings = { vars: {}, env: {}, runStartedAt: '2024-06-15T12:00:00Z', invocationId: 'test' };

/** Every model's columns with their values, in an order that does not depend on that of the rows. */
async function valuesOf(snapshot: Snapshot, session: PreviewSession): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  for (const node of snapshot.nodes.values()) {
    if (node.kind !== 'model' || !node.enabled) continue;
    const answer = await session.preview({ kind: 'node', node: node.id });
    if (answer.kind !== 'rows') continue;
    const rows = await answer.result.page(0, 1_000);
    for (const [at, { name }] of answer.result.columns.entries())
      values.set(
        `${node.id}\u0000${name.toLowerCase()}`,
        rows
          .map((row) => String(row[at]))
          .sort()
          .join('|'),
      );
  }
  return values;
}

/** The nodes whose rows a change may alter, and all that read them. */
function tainted(snapshot: Snapshot, uses: readonly { readonly to: NodeId }[]): Set<NodeId> {
  const found = new Set<NodeId>();
  for (const { to } of uses) for (const id of [to, ...snapshot.graph.descendants(to)]) found.add(id);
  return found;
}

describe('a change of a source column changes only what is made from it', () => {
  it.each(['lightdash-saas', 'crm-warehouse', 'ravenstack', 'b2b-saas', 'saas-activity'])(
    'in %s',
    async (sample) => {
      const whole = await Sources.read(new Disk(`samples/${sample}`));
      const seeds = whole.paths.filter((path) => /^(seeds|data)\//.test(path) && path.endsWith('.csv'));
      const cut: Record<string, string> = {};
      for (const path of seeds) cut[path] = (whole.find(path)?.text ?? '').split('\n').slice(0, 60).join('\n');
      const sources = whole.edit(cut);
      const analyzer = new Analyzer(templateEngine);
      const snapshot = analyzer.analyze(sources, settings);
      const engine = await openSqlite();
      const session = new PreviewSession(engine, snapshot, '2024-06-15 12:00:00');
      const before = await valuesOf(snapshot, session);
      const questions = new LineageQuestions(snapshot.lineage);
      const wrong: string[] = [];
      let seen = 0;
      for (const path of seeds) {
        const seed = [...snapshot.nodes.values()].find(
          (node) => (node.kind === 'seed' && node.path === path) || (node.kind === 'source' && node.data?.path === path),
        );
        const lines = (cut[path] ?? '').split('\n').filter((line) => line !== '');
        const [header, ...rows] = lines.map((line) => line.split(','));
        if (seed === undefined || header === undefined || rows.some((row) => row.length !== header.length)) continue;
        for (const [at, column] of header.entries()) {
          // One value stands for all: of the right type, and seldom what stood there.
          const changed = rows.map((row) => row.map((cell, i) => (i === at ? (rows[0]?.[at] ?? '') : cell)));
          const edited = analyzer.analyze(sources.edit({ [path]: [header, ...changed].map((row) => row.join(',')).join('\n') }), settings);
          session.use(edited);
          const impact = questions.impact({ node: seed.id, column });
          const named = new Set(impact.columns.map((reached) => `${reached.node}\u0000${reached.column.toLowerCase()}`));
          const any = tainted(snapshot, impact.uses);
          for (const [key, value] of await valuesOf(edited, session)) {
            if (before.get(key) === value) continue;
            seen++;
            const [node = ''] = key.split('\u0000');
            if (!named.has(key) && !any.has(node as NodeId)) wrong.push(`${path} ${column} changes ${key}`);
          }
        }
      }
      expect(wrong).toEqual([]);
      expect(seen).toBeGreaterThan(5);
    },
    120_000,
  );
});
