// Bundles every entry point into dist/. `--watch` rebuilds on change; `--only cli` builds the entries whose name begins so.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build, context } from 'esbuild';
import { boundedLibraries } from './bounded-libraries.mjs';
import { readDuckDbWasm } from './duckdb-wasm.mjs';

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
const duckDbApart = (path) => ({
  name: 'duckdb-apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^@duckdb\/duckdb-wasm\/blocking$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    ),
});

/** What CommonJS has and modules have not: `require` for the libraries that call it, and the folder of the assets. */
const asCommonJs = `import { createRequire as hwCreateRequire } from 'node:module';
const require = hwCreateRequire(import.meta.url), __dirname = require('node:url').fileURLToPath(new URL('..', import.meta.url));`;

/** name → esbuild options; an entry whose source does not exist is a mistake, so esbuild's own error stands. */
const entries = {
  cli: {
    ...node,
    entryPoints: ['src/cli/start.ts'],
    outfile: 'dist/cli.js',
    banner: { js: '#!/usr/bin/env node' },
  },
  // Each command stands in a file of its own, beside what it shares with others: only what a command needs is loaded.
  'cli-commands': {
    ...node,
    format: 'esm',
    splitting: true,
    entryPoints: ['src/cli/thread.ts', 'src/cli/mcp-server.ts', 'src/cli/mcp-thread.ts', 'src/cli/mcp-tools.ts'],
    outdir: 'dist/cli',
    outExtension: { '.js': '.mjs' },
    banner: { js: asCommonJs },
    plugins: [duckDbApart('../duckdb-library.js')],
  },
  'cli-duckdb': { ...node, entryPoints: ['@duckdb/duckdb-wasm/blocking'], outfile: 'dist/duckdb-library.js' },
  // node-sql-parser, read only by whoever meets SQL that our own reader cannot read.
  'second-reader': {
    ...node,
    minify: true,
    sourcemap: false,
    entryPoints: ['scripts/second-reader.cjs'],
    outfile: 'dist/second-reader.js',
  },
  extension: { ...node, entryPoints: ['src/extension/main.ts'], outfile: 'dist/extension.js', external: ['vscode'] },
  'web-extension': {
    ...browser,
    format: 'cjs',
    entryPoints: ['src/extension/web.ts'],
    outfile: 'dist/web/extension.js',
    external: ['vscode'],
  },
  worker: {
    ...node,
    entryPoints: ['src/worker/node/project.ts'],
    outfile: 'dist/worker.js',
    plugins: [duckDbApart('./duckdb-library.js')],
  },
  'web-worker': {
    ...browser,
    entryPoints: ['src/worker/web/project.ts'],
    outfile: 'dist/web/worker.js',
    // The library names a file for browsers that it does not ship.
    alias: { '@duckdb/duckdb-wasm/blocking': './node_modules/@duckdb/duckdb-wasm/dist/duckdb-browser-blocking.mjs' },
  },
  layout: { ...browser, entryPoints: ['src/worker/layout.ts'], outfile: 'dist/layout.js' },
  ...Object.fromEntries(
    surfaces().map((name) => [
      `webview/${name}`,
      { ...browser, entryPoints: [`webview/${name}/main.ts`], outfile: `dist/webview/${name}.js` },
    ]),
  ),
};

/** Binary files that the bundles load from beside themselves. */
const assets = {
  'dist/sql-wasm.wasm': () => readFileSync('node_modules/sql.js/dist/sql-wasm.wasm'),
  'dist/duckdb-eh.wasm': readDuckDbWasm,
};

/** One bundle for each folder of webview/ that has a main.ts; a stylesheet it imports lands beside it. */
function surfaces() {
  return readdirSync('webview').filter((name) => existsSync(`webview/${name}/main.ts`));
}

mkdirSync('dist', { recursive: true });
// The names of shared parts change with what is in them.
if ('cli-commands'.startsWith(only)) rmSync('dist/cli', { recursive: true, force: true });
for (const [to, read] of Object.entries(assets)) if (!existsSync(to)) writeFileSync(to, read());
for (const [name, options] of Object.entries(entries)) {
  if (!name.startsWith(only)) continue;
  const bounded = { ...options, plugins: [...(options.plugins ?? []), boundedLibraries] };
  if (watch) await (await context(bounded)).watch();
  else await build(bounded);
}
