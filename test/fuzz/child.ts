import { mkdirSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { kinds } from './kinds.ts';
import { randomOf } from './mutate.ts';

/** Runs inputs of one kind, one after the other, until its time is over; what it is at stands in a file, so that its parent knows after a hang or crash. */
export async function runChild([name = '', seconds = '60', seed = '1', folder = '.']: readonly string[]): Promise<void> {
  if (name === 'corpus') return runCorpus(folder);
  const kind = kinds[name];
  if (kind === undefined) throw new Error(`there is no kind '${name}': ${Object.keys(kinds).join(', ')}`);
  mkdirSync(folder, { recursive: true });
  const note = noter(folder);
  const random = randomOf(Number(seed) * 7919);
  const pool = [...(await kind.seeds())];
  if (pool.length === 0) throw new Error(`the kind '${name}' has no seeds`);
  const met = new Set<string>();
  const findings = new Set<string>();
  let count = 0;
  const until = Date.now() + Number(seconds) * 1000;
  while (Date.now() < until) {
    const isSeed = count < pool.length && met.size <= pool.length && count < 500;
    const base = pool[isSeed ? count : random(pool.length)] ?? new Uint8Array();
    const input = isSeed ? base : kind.mutate(base, pool[random(pool.length)] ?? base, random);
    count++;
    note(count, input);
    try {
      const answer = await kind.run(input);
      if (met.has(answer) || met.size > 50_000) continue;
      met.add(answer);
      if (pool.length < 5000) pool.push(input);
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      const where = /\n\s+at ([^(\n]+)/.exec(failure.stack ?? '')?.[1]?.trim() ?? '';
      const what = `${failure.name}: ${failure.message.replace(/['"][^'"]*['"]|\d+/g, '…').slice(0, 120)} at ${where}`;
      if (findings.has(what)) continue;
      findings.add(what);
      writeFileSync(`${folder}/thrown-${findings.size}`, input);
      process.send?.({ kind: 'thrown', what, file: `${folder}/thrown-${findings.size}`, cause: String(failure.cause ?? '').slice(0, 300) });
    }
  }
  process.send?.({ kind: 'done', count, met: met.size, memory: process.resourceUsage().maxRSS });
}

/** Writes down what is run now. */
function noter(folder: string): (count: number, input: Uint8Array) => void {
  const state = openSync(`${folder}/now`, 'w+');
  const header = Buffer.alloc(8);
  return (count, input) => {
    header.writeUInt32LE(count, 0);
    header.writeUInt32LE(input.length, 4);
    writeSync(state, header, 0, 8, 0);
    writeSync(state, input, 0, input.length, 8);
  };
}

/** Runs every input that was a finding once. */
async function runCorpus(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const note = noter(folder);
  let count = 0;
  for (const name of readdirSync('test/fuzz/corpus'))
    for (const file of readdirSync(`test/fuzz/corpus/${name}`)) {
      const input = Uint8Array.from(readFileSync(`test/fuzz/corpus/${name}/${file}`));
      note(++count, input);
      try {
        await kinds[name]?.run(input);
      } catch (error) {
        process.send?.({
          kind: 'thrown',
          what: `${name}/${file}: ${error instanceof Error ? error.stack : String(error)}`,
          file: folder,
          cause: '',
        });
      }
    }
  process.send?.({ kind: 'done', count, met: count, memory: process.resourceUsage().maxRSS });
}
