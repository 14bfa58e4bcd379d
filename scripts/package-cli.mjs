// Builds the folder of the npm package `headwater-cli`: `node scripts/package-cli.mjs [DIR]` (default: out/headwater-cli), from what scripts/build.mjs built.
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toNotices } from './notices.mjs';

const to = process.argv[2] ?? 'out/headwater-cli';
const { version, license, repository } = JSON.parse(readFileSync('package.json', 'utf8'));

rmSync(to, { recursive: true, force: true });
mkdirSync(join(to, 'dist'), { recursive: true });
const parts = [
  'cli.js',
  'duckdb-library.js',
  'second-reader.js',
  'sql-wasm.wasm',
  'duckdb-eh.wasm',
  'duckdb-eh.wasm.gz',
  'cli',
  'webview',
  ...readdirSync('dist').filter((name) => /^pg.*\.js$/.test(name)),
];
for (const part of new Set(parts))
  if (existsSync(join('dist', part)))
    cpSync(join('dist', part), join(to, 'dist', part), { recursive: true, filter: (from) => !from.endsWith('.map') });
chmodSync(join(to, 'dist/cli.js'), 0o755);
for (const file of ['LICENSE', 'NOTICE.md', 'CHANGELOG.md']) cpSync(file, join(to, file));
cpSync('docs/cli.md', join(to, 'README.md'));
writeFileSync(join(to, 'THIRD-PARTY-NOTICES.txt'), toNotices());
const manifest = {
  name: 'headwater-cli',
  version,
  description: 'Lineage, previews, tests and checks of dbt and SQL projects, offline, from the command line',
  license,
  repository,
  bin: { 'headwater-cli': 'dist/cli.js', headwater: 'dist/cli.js' },
  engines: { node: '>=20' },
  files: ['dist', 'NOTICE.md', 'CHANGELOG.md', 'THIRD-PARTY-NOTICES.txt'],
};
writeFileSync(join(to, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
console.log(to);
