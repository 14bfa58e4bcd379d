import { type AnalysisSettings, Analyzer } from '../../src/core/analyze.ts';
import { templateEngine } from '../../src/core/dbt/template-engine.ts';
import { Sources } from '../../src/core/project/sources.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import type { NodeId } from '../../src/core/text/ids.ts';

export const testSettings: AnalysisSettings = { vars: {}, env: {}, runStartedAt: '2026-01-01T00:00:00Z', invocationId: 'test' };

const usual = {
  'dbt_project.yml': 'name: shop\nprofile: shop\n',
  'profiles.yml': 'shop:\n  target: dev\n  outputs:\n    dev: {type: postgres, dbname: db, schema: sch}\n',
};

/** A Snapshot of a dbt project called `shop` on postgres that has these files too. */
export function readShop(files: Readonly<Record<string, string>>, settings: Partial<AnalysisSettings> = {}): Snapshot {
  return new Analyzer(templateEngine).analyze(Sources.of({ ...usual, ...files }), { ...testSettings, ...settings });
}

export function sqlOf(snapshot: Snapshot, id: string): string {
  return snapshot.texts.get(id as NodeId)?.rendering.sql ?? '';
}

export function edgesOf(snapshot: Snapshot): readonly string[] {
  return snapshot.graph.edges.map(({ from, to, via }) => `${from} -${via}-> ${to}`).sort();
}

/** Problems as `code path:line:column`, for expectations that can be read. */
export function problemsOf(snapshot: Snapshot): readonly string[] {
  return snapshot.problems.map((problem) => `${problem.code} ${problem.path}:${problem.start.line}:${problem.start.column}`);
}
