// Reads stg__crm_support_tickets through Headwater's preview, says what each ticket is about, and writes the seed that the models join.
// `--dry-run` says what it would write; `--self-test` classifies sentences whose topic is known.
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Analyzer } from '../../../src/core/analyze.ts';
import { templateEngine } from '../../../src/core/dbt/template-engine.ts';
import { PreviewSession } from '../../../src/core/engine/preview.ts';
import { Sources } from '../../../src/core/project/sources.ts';
import { toNodeId } from '../../../src/core/text/ids.ts';
import { Disk } from '../../../src/disk/disk.ts';
import { SqliteEngine } from '../../../src/engines/sqlite.ts';
import { classify, selfTest, type Ticket, toSeed, topics } from './ticket-topics.ts';

const seed = 'seeds/ticket_topics.csv';

/** The tickets as the staging model has them: computed from the project's own files, no warehouse asked. */
export async function readTickets(folder: string): Promise<readonly Ticket[]> {
  const snapshot = new Analyzer(templateEngine).analyze(await Sources.read(new Disk(folder)), {
    vars: {},
    env: {},
    runStartedAt: new Date().toISOString(),
    invocationId: crypto.randomUUID(),
  });
  const wasm = await readFile(join(dirname(createRequire(import.meta.url).resolve('sql.js')), 'sql-wasm.wasm'));
  const engine = new SqliteEngine(new Uint8Array(wasm).buffer);
  await engine.open();
  const session = new PreviewSession(engine, snapshot, new Date().toISOString().slice(0, 19).replace('T', ' '));
  const answer = await session.preview({ kind: 'node', node: toNodeId('model', 'ravenstack', 'stg__crm_support_tickets') });
  if (answer.kind === 'failed') throw new Error(answer.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  const { result } = answer;
  const at = (name: string) => {
    const index = result.columns.findIndex((column) => column.name === name);
    if (index === -1) throw new Error(`stg__crm_support_tickets has no column ${name}`);
    return index;
  };
  const [id, subject, description] = [at('ticket_id'), at('subject'), at('description')];
  const rows = await result.page(0, result.rowCount);
  await engine.close();
  return rows.map((row) => ({ ticketId: String(row[id]), subject: String(row[subject] ?? ''), description: String(row[description] ?? '') }));
}

/** Runs the script; returns its exit code. */
export async function main(args: readonly string[], folder: string, print: (line: string) => void): Promise<number> {
  const { values: options } = parseArgs({
    args: [...args],
    options: { 'dry-run': { type: 'boolean', default: false }, 'self-test': { type: 'boolean', default: false } },
  });
  if (options['self-test']) {
    const results = selfTest();
    for (const { text, expected, found, confidence } of results)
      print(`${found === expected ? 'ok   ' : 'WRONG'} ${found} (${confidence}): ${text}`);
    return results.every(({ expected, found }) => found === expected) ? 0 : 1;
  }
  const tickets = await readTickets(folder);
  if (tickets.length === 0) {
    print('stg__crm_support_tickets has no rows: there is nothing to classify, and the seed is left as it is');
    return 1;
  }
  const { classified, validation } = classify(tickets);
  print(
    `${tickets.length} tickets: the rules are sure of ${validation.labelled}; ${validation.folds}-fold cross-validation ` +
      `repeats ${(validation.accuracy * 100).toFixed(1)} % of those (smoothing ${validation.smoothing})`,
  );
  for (const topic of topics) {
    const own = classified.filter((one) => one.topic === topic);
    const mean = own.reduce((sum, one) => sum + one.confidence, 0) / Math.max(1, own.length);
    print(`${String(own.length).padStart(6)} ${topic}, mean confidence ${mean.toFixed(2)}`);
  }
  const text = toSeed(classified);
  const before = await readFile(join(folder, seed), 'utf8').catch(() => '');
  const known = new Set(before.split('\n'));
  const changed = text.split('\n').filter((line) => !known.has(line)).length;
  if (options['dry-run']) {
    print(`${seed} would ${text === before ? 'stay as it is' : `change in ${changed} of ${classified.length} rows`}`);
    return 0;
  }
  await writeFile(join(folder, seed), text);
  print(`${seed} written, ${changed} rows new or changed`);
  return 0;
}
