import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Analyzer } from '../../../src/core/analyze.ts';
import { templateEngine } from '../../../src/core/dbt/template-engine.ts';
import { PreviewSession } from '../../../src/core/engine/preview.ts';
import { Sources } from '../../../src/core/project/sources.ts';
import { Disk } from '../../../src/disk/disk.ts';
import { openSqlite } from '../../support/open-sqlite.ts';

const samples = readdirSync('samples').filter((name) => existsSync(`samples/${name}/dbt_project.yml`));

async function openSample(name: string) {
  const settings = { vars: {}, env: {}, runStartedAt: '2024-06-15T12:00:00Z', invocationId: 'test' };
  const snapshot = new Analyzer(templateEngine).analyze(await Sources.read(new Disk(`samples/${name}`)), settings);
  const engine = await openSqlite();
  return { snapshot, session: new PreviewSession(engine, snapshot, '2024-06-15 12:00:00') };
}

describe('every model of the samples can be previewed', () => {
  it.each(samples)('%s', async (name) => {
    const { snapshot, session } = await openSample(name);
    const failures: string[] = [];
    let count = 0;
    for (const node of snapshot.nodes.values()) {
      if (node.kind !== 'model' && node.kind !== 'seed' && node.kind !== 'snapshot') continue;
      count++;
      const answer = await session.preview({ kind: 'node', node: node.id });
      if (answer.kind === 'failed')
        failures.push(
          `${node.name}: ${answer.problems.map((problem) => `${problem.path}:${problem.start.line} ${problem.message}`).join('; ')}`,
        );
      else if (answer.result.columns.length === 0) failures.push(`${node.name}: no columns`);
    }
    expect(failures).toEqual([]);
    expect(count).toBeGreaterThan(0);
  });
});
