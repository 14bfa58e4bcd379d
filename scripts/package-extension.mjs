import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** Builds a minified package and answers its path. DuckDB's WebAssembly goes in as gzip, which Node and browsers unpack; SQLite's stays as it is. */
export async function packageExtension({ quiet = false } = {}) {
  const say = quiet ? () => {} : (text) => console.log(text);
  // What an earlier build has left would be packed too.
  rmSync('dist', { recursive: true, force: true });
  run('node', ['scripts/build.mjs', '--minify']);
  for (const name of readdirSync('dist').filter((file) => file.endsWith('.wasm') && file !== 'sql-wasm.wasm')) {
    writeFileSync(`dist/${name}.gz`, gzipSync(readFileSync(`dist/${name}`), { level: 9 }));
  }
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
