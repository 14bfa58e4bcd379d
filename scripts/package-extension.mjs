import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const pack = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 };

/** Builds a minified package and answers its path. WebAssembly goes in as brotli, which halves what zip would make of it; SQLite stays as it is, for browsers, which have no brotli to unpack with. */
export async function packageExtension({ quiet = false } = {}) {
  const say = quiet ? () => {} : (text) => console.log(text);
  run('node', ['scripts/build.mjs', '--minify']);
  for (const name of readdirSync('dist').filter((file) => file.endsWith('.wasm') && file !== 'sql-wasm.wasm')) {
    const target = `dist/${name}.br`;
    if (existsSync(target) && statSync(target).mtimeMs >= statSync(`dist/${name}`).mtimeMs) continue;
    writeFileSync(target, brotliCompressSync(readFileSync(`dist/${name}`), { params: pack }));
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
