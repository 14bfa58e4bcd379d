// Bundles every entry point into dist/. `--watch` rebuilds on change; `--only cli` builds the entries whose name begins so.
import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { build, context } from 'esbuild';

const watch = process.argv.includes('--watch');
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : '';

const shared = {
  bundle: true,
  sourcemap: 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' },
};
const browser = { ...shared, platform: 'browser', format: 'iife', target: 'es2022', minify: !watch, sourcemap: watch ? 'inline' : false };
const node = { ...shared, platform: 'node', format: 'cjs', target: 'node20' };

/** name → esbuild options; an entry whose source does not exist is a mistake, so esbuild's own error stands. */
const entries = {
  cli: { ...node, entryPoints: ['src/cli/main.ts'], outfile: 'dist/cli.js', banner: { js: '#!/usr/bin/env node' } },
  'webview/graph': { ...browser, entryPoints: ['webview/graph/main.ts'], outfile: 'dist/webview/graph.js' },
  'webview/erd': { ...browser, entryPoints: ['webview/erd/main.ts'], outfile: 'dist/webview/erd.js' },
  'webview/standalone': { ...browser, entryPoints: ['webview/standalone/main.ts'], outfile: 'dist/webview/standalone.js' },
};

/** Binary files that the bundles load from beside themselves. */
const assets = [
  ['node_modules/@polyglot-sql/sdk/dist/polyglot_sql.wasm', 'dist/polyglot_sql.wasm'],
  ['node_modules/sql.js/dist/sql-wasm.wasm', 'dist/sql-wasm.wasm'],
];

await mkdir('dist', { recursive: true });
for (const [from, to] of assets) if (!existsSync(to)) await copyFile(from, to);
for (const [name, options] of Object.entries(entries)) {
  if (!name.startsWith(only)) continue;
  if (watch) await (await context(options)).watch();
  else await build(options);
}
