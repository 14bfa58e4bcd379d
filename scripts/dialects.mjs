// Writes docs/dialects.md from the tables that the translation itself uses.
import { writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: ['src/core/translate/functions/catalogue.ts'],
  bundle: true,
  write: false,
  format: 'esm',
  logLevel: 'error',
});
const module = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
await writeFile('docs/dialects.md', module.functionCatalogue());
