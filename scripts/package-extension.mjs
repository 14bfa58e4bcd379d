import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { toNotices } from './notices.mjs';

/** What goes into the package; `docs` and tests do not. */
const inputs = [
  'src',
  'webview',
  'media',
  'samples',
  'l10n',
  'scripts',
  'package.json',
  'package.nls.json',
  'package-lock.json',
  '.vscodeignore',
];

/** The package as it is, built again only where something that goes into it is newer. */
export async function packageIfChanged() {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const file = `headwater-${version}.vsix`;
  const built = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return inputs.every((input) => newest(input) < built) ? file : packageExtension({ quiet: true });
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), 0);
}

/** Builds a minified package and answers its path. DuckDB's WebAssembly goes in as gzip, which Node and browsers unpack; SQLite's stays as it is. */
export async function packageExtension({ quiet = false } = {}) {
  const say = quiet ? () => {} : (text) => console.log(text);
  // What an earlier build has left would be packed too.
  rmSync('dist', { recursive: true, force: true });
  run('node', ['scripts/build.mjs', '--minify']);
  for (const name of readdirSync('dist').filter((file) => file.endsWith('.wasm') && file !== 'sql-wasm.wasm')) {
    writeFileSync(`dist/${name}.gz`, gzipSync(readFileSync(`dist/${name}`), { level: 9 }));
  }
  writeFileSync('THIRD-PARTY-NOTICES.txt', toNotices());
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const file = `headwater-${version}.vsix`;
  rmSync(file, { force: true });
  run('npx', ['vsce', 'package', '--no-dependencies', '--out', file, '--allow-missing-repository'], quiet);
  say(`${file}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
  return file;
}

function run(command, args, quiet = true) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  if (!quiet) process.stdout.write(stdout);
}
