// Bundles every entry point into dist/. `--watch` rebuilds on change; `--only cli` builds the entries whose name begins so.
import { existsSync, readdirSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { build, context } from 'esbuild';

const watch = process.argv.includes('--watch');
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : '';

const shared = {
  bundle: true,
  sourcemap: 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  minify: process.argv.includes('--minify'),
  define: { 'process.env.NODE_ENV': '"production"' },
};
const browser = { ...shared, platform: 'browser', format: 'iife', target: 'es2022', minify: !watch, sourcemap: watch ? 'inline' : false };
const node = { ...shared, platform: 'node', format: 'cjs', target: 'node20' };

/** DuckDB's library stands in a file of its own: it is half of all our code, and only who asks for DuckDB waits for it to be read. */
const duckDbApart = {
  name: 'duckdb-apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^@duckdb\/duckdb-wasm\/blocking$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './duckdb-library.js', external: true } : undefined,
    ),
};

/** name → esbuild options; an entry whose source does not exist is a mistake, so esbuild's own error stands. */
const entries = {
  cli: { ...node, entryPoints: ['src/cli/main.ts'], outfile: 'dist/cli.js', banner: { js: '#!/usr/bin/env node' }, plugins: [duckDbApart] },
  'cli-duckdb': { ...node, entryPoints: ['@duckdb/duckdb-wasm/blocking'], outfile: 'dist/duckdb-library.js' },
  extension: { ...node, entryPoints: ['src/extension/main.ts'], outfile: 'dist/extension.js', external: ['vscode'] },
  'web-extension': {
    ...browser,
    format: 'cjs',
    entryPoints: ['src/extension/web.ts'],
    outfile: 'dist/web/extension.js',
    external: ['vscode'],
  },
  workers: { ...node, entryPoints: workers('node'), outdir: 'dist', plugins: [duckDbApart] },
  'web-workers': {
    ...browser,
    entryPoints: workers('web'),
    outdir: 'dist/web',
    // The library names a file for browsers that it does not ship.
    alias: { '@duckdb/duckdb-wasm/blocking': './node_modules/@duckdb/duckdb-wasm/dist/duckdb-browser-blocking.mjs' },
  },
  ...Object.fromEntries(
    surfaces().map((name) => [
      `webview/${name}`,
      { ...browser, entryPoints: [`webview/${name}/main.ts`], outfile: `dist/webview/${name}.js` },
    ]),
  ),
};

/** Binary files that the bundles load from beside themselves. */
const assets = [
  ['node_modules/sql.js/dist/sql-wasm.wasm', 'dist/sql-wasm.wasm'],
  ['node_modules/@duckdb/duckdb-wasm/dist/duckdb-eh.wasm', 'dist/duckdb-eh.wasm'],
];

/** One bundle for each file of src/worker/node and src/worker/web. */
function workers(platform) {
  if (!existsSync(`src/worker/${platform}`)) return [];
  return readdirSync(`src/worker/${platform}`)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `src/worker/${platform}/${name}`);
}

/** One bundle for each folder of webview/ that has a main.ts; a stylesheet it imports lands beside it. */
function surfaces() {
  return readdirSync('webview').filter((name) => existsSync(`webview/${name}/main.ts`));
}

await mkdir('dist', { recursive: true });
for (const [from, to] of assets) if (!existsSync(to)) await copyFile(from, to);
for (const [name, options] of Object.entries(entries)) {
  if (!name.startsWith(only)) continue;
  if (watch) await (await context(options)).watch();
  else await build(options);
}
