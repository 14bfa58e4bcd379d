// npm run bench [NAME…]: every bench/*.bench.mjs exports benchmarks, `{ name, prepare?, run, repeat }`; prints median and spread of each in
// milliseconds, of many repeats the 95th percentile, its ratio to bench/baseline.json, and to the benchmark that it is held `against`.
// `unit` tells what is measured where it is no time. `--save` writes the baseline. Never fails a build. A file may also export `report`, which
// prints a comparison of its own; it runs when no name is given, or by the name `report`; and `close`, which ends
// what it started.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const here = import.meta.dirname;
const baselineFile = path.join(here, 'baseline.json');
const baseline = existsSync(baselineFile) ? JSON.parse(readFileSync(baselineFile, 'utf8')) : {};
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const measured = {};

for (const file of readdirSync(here).filter((name) => name.endsWith('.bench.mjs'))) {
  const { benchmarks, report, close } = await import(path.join(here, file));
  for (const { name, prepare, run, repeat = 7, against, unit = 'ms' } of benchmarks) {
    if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
    try {
      const given = await prepare?.();
      const times = [];
      for (let i = 0; i < repeat; i++) {
        const started = performance.now();
        // A benchmark that prepares something in between says itself how long it took.
        const own = await run(given, i);
        times.push(typeof own === 'number' ? own : performance.now() - started);
      }
      times.sort((a, b) => a - b);
      const median = times[Math.floor(times.length / 2)];
      measured[name] = Math.round(median * 10) / 10;
      const ratio = baseline[name] === undefined ? 'new' : `× ${(median / baseline[name]).toFixed(2)}`;
      const overhead = measured[against] === undefined ? '' : `   × ${(median / measured[against]).toFixed(2)} of it bare`;
      console.log(
        `${name.padEnd(52)} ${median.toFixed(1).padStart(9)} ${unit}   ${times[0].toFixed(1)} – ${times.at(-1).toFixed(1)}${tail(times)}   ${ratio}${overhead}`,
      );
    } catch (error) {
      console.log(`${name.padEnd(52)}    failed: ${error.message}`);
    }
  }
  if (report !== undefined && (wanted.length === 0 || wanted.includes('report'))) await report();
  await close?.();
}
/** The 95th percentile, where there are enough times to have one. */
function tail(times) {
  return times.length < 20 ? '' : `   p95 ${times[Math.ceil(times.length * 0.95) - 1].toFixed(1)}`;
}

if (process.argv.includes('--save')) writeFileSync(baselineFile, `${JSON.stringify({ ...baseline, ...measured }, null, 2)}\n`);
