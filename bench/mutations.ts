// Changes the SQL of the samples at random, 20 times each, and counts the changes that the sample's own tests notice.
// npx esbuild bench/mutations.ts --bundle --platform=node --outfile=dist/mutations.js && node dist/mutations.js [sample …]
import { existsSync, readdirSync } from 'node:fs';
import { Analyzer } from '../src/core/analyze.ts';
import { runTests } from '../src/core/checks/run-tests.ts';
import { templateEngine } from '../src/core/dbt/template-engine.ts';
import { PreviewSession } from '../src/core/engine/preview.ts';
import { Sources } from '../src/core/project/sources.ts';
import type { Snapshot } from '../src/core/snapshot.ts';
import { Disk } from '../src/disk/disk.ts';
import { openSqlite } from '../test/support/open-sqlite.ts';
import { sameNumbers } from './same-numbers.ts';

const changesPerSample = 20;
const settings = { vars: {}, env: {}, runStartedAt: '2024-06-15T12:00:00Z', invocationId: 'bench' };

const rules: readonly { readonly kind: string; readonly find: RegExp; readonly change: (text: string) => string }[] = [
  {
    kind: 'operator',
    find: /(?<=\s)(=|<>|!=|<=|>=|<|>)(?=\s)/g,
    change: (text) => (text === '=' ? '<>' : text === '<>' || text === '!=' ? '=' : text.startsWith('<') ? '>' : '<'),
  },
  {
    kind: 'operator',
    find: /(?<=[\w)] )[+\-*/](?= [\w(])/g,
    change: (text) => (text === '+' ? '-' : text === '-' ? '+' : text === '*' ? '/' : '*'),
  },
  { kind: 'constant', find: /(?<=[\s(,])\d+(?=[\s),])/g, change: (text) => String(Number(text) + 1) },
  { kind: 'constant', find: /(?<=[\s(,])'[\w ]+'(?=[\s),])/g, change: (text) => `${text.slice(0, -1)}x'` },
  { kind: 'join', find: /\b(left|inner) join\b/gi, change: (text) => (/left/i.test(text) ? 'inner join' : 'left join') },
  { kind: 'column', find: /(?<=\b\w+\.)\w+(?=\s*[,=\n)])/g, change: (text) => text },
  { kind: 'aggregate', find: /\b(sum|min|max|avg)(?=\()/gi, change: (text) => (text.toLowerCase() === 'max' ? 'min' : 'max') },
];

interface Change {
  readonly path: string;
  readonly text: string;
  readonly said: string;
}

function pickChange(snapshot: Snapshot, next: () => number): Change | undefined {
  const models = [...snapshot.nodes.values()].filter((node) => node.kind === 'model' && node.enabled && node.path.endsWith('.sql'));
  const model = models[Math.floor(next() * models.length)];
  const rule = rules[Math.floor(next() * rules.length)];
  if (model === undefined || rule === undefined) return undefined;
  const text = snapshot.sources.find(model.path)?.text ?? '';
  const places = [...text.matchAll(rule.find)].filter(
    (match) => !/--[^\n]*$/.test(text.slice(0, match.index)) && !isInJinja(text, match.index),
  );
  const place = places[Math.floor(next() * places.length)];
  if (place === undefined) return undefined;
  const old = place[0];
  const other = rule.kind === 'column' ? places.map((match) => match[0]).find((name) => name !== old) : rule.change(old);
  if (other === undefined || other === old) return undefined;
  const line = text.slice(0, place.index).split('\n').length;
  return {
    path: model.path,
    text: text.slice(0, place.index) + other + text.slice(place.index + old.length),
    said: `${rule.kind} ${model.path}:${line} ${old} → ${other}`,
  };
}

function isInJinja(text: string, at: number): boolean {
  const before = text.slice(0, at);
  return (
    Math.max(before.lastIndexOf('{{'), before.lastIndexOf('{%'), before.lastIndexOf('{#')) >
    Math.max(before.lastIndexOf('}}'), before.lastIndexOf('%}'), before.lastIndexOf('#}'))
  );
}

async function bench(sample: string): Promise<void> {
  const analyzer = new Analyzer(templateEngine);
  const disk = new Disk(`samples/${sample}`);
  const snapshot = analyzer.analyze(await Sources.read(disk), settings);
  const engine = await openSqlite();
  const session = new PreviewSession(engine, snapshot, '2024-06-15 12:00:00');
  const ids = [...snapshot.nodes.keys()];
  const run = async (at: Snapshot) => {
    session.use(at);
    return runTests({ session, snapshot: at, clock: () => 0, sampleRows: 0 }, ids);
  };
  const usual = (await run(snapshot)).filter((result) => result.status !== 'pass').map((result) => result.id);
  const rowsOf = async (id: string) => {
    const answer = await session.preview({ kind: 'node', node: id as never });
    return answer.kind === 'rows'
      ? JSON.stringify(await answer.result.page(0, 100_000), (_key, value) => (typeof value === 'bigint' ? String(value) : value))
      : 'failed';
  };
  const next = sameNumbers(7);
  let caught = 0;
  let broken = 0;
  let same = 0;
  const missed: string[] = [];
  const seen = new Set<string>();
  for (let tries = 0, done = 0; done < changesPerSample && tries < 2000; tries++) {
    const change = pickChange(snapshot, next);
    if (change === undefined || seen.has(change.said)) continue;
    seen.add(change.said);
    done++;
    const node = [...snapshot.nodes.values()].find((one) => one.kind === 'model' && one.path === change.path);
    const id = node?.id ?? '';
    session.use(snapshot);
    const before = await rowsOf(id);
    const changed = analyzer.analyze(snapshot.sources.edit({ [change.path]: change.text }), settings);
    const results = (await run(changed)).filter((result) => result.status !== 'pass' && !usual.includes(result.id));
    const after = await rowsOf(id);
    if (results.some((result) => result.status === 'fail' || result.status === 'warn')) caught++;
    else if (results.length > 0 || after === 'failed') broken++;
    else if (before === after) same++;
    else missed.push(change.said);
  }
  const share = Math.round((100 * (caught + broken)) / Math.max(1, changesPerSample - same));
  console.log(
    `${sample}: ${caught} failed a test, ${broken} did not run any more, ${same} changed no row, ${missed.length} unnoticed: ${share} % of those with an effect`,
  );
  for (const line of missed) console.log(`  unnoticed: ${line}`);
}

const named = process.argv.slice(2);
async function main(): Promise<void> {
  const all = readdirSync('samples').filter((name) => existsSync(`samples/${name}/dbt_project.yml`));
  for (const sample of named.length > 0 ? named : all) await bench(sample);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
