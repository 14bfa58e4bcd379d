import { describe, expect, it } from 'vitest';
import { Analyzer } from '../../../src/core/analyze.ts';
import { templateEngine } from '../../../src/core/dbt/template-engine.ts';
import { chooseEngine, mostBytesForSqlite, neededBytes } from '../../../src/core/engine/choice.ts';
import type { Answer, Question } from '../../../src/core/engine/preview.ts';
import { Sources } from '../../../src/core/project/sources.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';
import { toProblem } from '../../../src/core/text/problem.ts';
import { duckDbCan } from '../../../src/core/translate/duckdb/can.ts';
import { Disk } from '../../../src/disk/disk.ts';

const settings = { vars: {}, env: {}, runStartedAt: '2024-06-15T12:00:00Z', invocationId: 'test' };
const snapshot = new Analyzer(templateEngine).analyze(await Sources.read(new Disk('test/fixtures/shop')), settings);
const question: Question = { kind: 'node', node: 'model.shop.stg_orders' as NodeId };
const failed = (message: string): Answer => ({ kind: 'failed', problems: [toProblem('preview-refused', message, '')], notes: [] });

/** The engines that were asked, in order, and what was said of the choice. */
async function choose(setting: 'auto' | 'sqlite' | 'duckdb', answers: Partial<Record<'sqlite' | 'duckdb', string>> = {}, from = snapshot) {
  const asked: string[] = [];
  const chosen = await chooseEngine(setting, from, question, async (engine) => {
    asked.push(engine);
    return failed(answers[engine] ?? 'no');
  });
  return { asked, engine: chosen.engine, because: chosen.because };
}

/** The same project with a seed of another size. */
function withSeedOf(bytes: number) {
  const find = snapshot.sources.find.bind(snapshot.sources);
  const sources = Object.assign(Object.create(snapshot.sources), {
    find: (path: string) => {
      const file = find(path);
      return file === undefined || !path.endsWith('raw_orders.csv') ? file : { ...file, size: bytes };
    },
  });
  return { ...snapshot, sources };
}

describe('the engine of a preview', () => {
  it('is the one that is named', async () => {
    expect(await choose('sqlite')).toEqual({ asked: ['sqlite'], engine: 'sqlite', because: [] });
    expect(await choose('duckdb')).toEqual({ asked: ['duckdb'], engine: 'duckdb', because: [] });
  });

  it('is SQLite where none is named, and nothing is said', async () => {
    expect(await choose('auto')).toEqual({ asked: ['sqlite'], engine: 'sqlite', because: [] });
  });

  it('is DuckDB where what lies upstream is too large for SQLite, which is said', async () => {
    const large = await choose('auto', {}, withSeedOf(mostBytesForSqlite + 50_000_000));
    expect(large.asked).toEqual(['duckdb']);
    expect(large.because).toEqual(['DuckDB ran this: it reads 200 MB of data, more than SQLite holds well.']);
  });

  it('is DuckDB where only that can answer', async () => {
    const refused = `This is not available in SQLite. ${duckDbCan}`;
    expect(await choose('auto', { sqlite: refused })).toEqual({
      asked: ['sqlite', 'duckdb'],
      engine: 'duckdb',
      because: ['DuckDB ran this: SQLite cannot.'],
    });
    expect((await choose('sqlite', { sqlite: refused })).asked).toEqual(['sqlite']);
  });

  it('counts each file once, for a model and for SQL that names it', () => {
    const bytes = snapshot.sources.find('seeds/raw_orders.csv')?.size ?? 0;
    expect(bytes).toBeGreaterThan(0);
    expect(neededBytes(snapshot, question)).toBe(bytes);
    expect(neededBytes(snapshot, { kind: 'sql', sql: 'select * from stg_orders as a join stg_orders as b using (order_id)' })).toBe(bytes);
  });
});
