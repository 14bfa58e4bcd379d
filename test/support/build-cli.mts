import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Builds the command line once before the tests that call it; each doing so would take it away from under the others. */
export default function buildCommandLine(): void {
  const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('-') && argument !== 'run');
  if (asked.length > 0 && !asked.some((argument) => argument.includes('cli') || 'test/cli'.startsWith(argument))) return;
  execFileSync('node', ['scripts/build.mjs', '--only', 'cli'], { cwd: join(import.meta.dirname, '../..'), stdio: 'inherit' });
}
