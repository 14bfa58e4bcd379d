import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import words from '../package.nls.json' with { type: 'json' };
import { tools } from '../src/cli/mcp/tools.ts';
import { version } from '../src/cli/version.ts';

const root = join(__dirname, '..');
const code = readdirSync(join(root, 'src/extension'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(root, 'src/extension', name), 'utf8'))
  .join('\n');

test('every word of the manifest is written, and none is left over', () => {
  const used = [...JSON.stringify(manifest).matchAll(/%([\w.]+)%/g)].map(([, key]) => key ?? '');
  expect(used.filter((key) => !(key in words))).toEqual([]);
  expect(Object.keys(words).filter((key) => !used.includes(key))).toEqual([]);
});

test('every command of the code is in the manifest', () => {
  const declared = manifest.contributes.commands.map(({ command }) => command);
  const called = [...code.matchAll(/'(headwater\.\w+)'/g)].map(([, id]) => id ?? '');
  const other = new Set([
    'headwater.lineage',
    'headwater.results',
    'headwater.graphView',
    'headwater.graph',
    'headwater.project',
    'headwater.docs',
    'headwater.mcp',
    'headwater.treeLocked',
    'headwater.isSample',
    'headwater.batch',
    'headwater.ready',
    'headwater.hasProject',
    'headwater.editorHasNode',
    'headwater.diagnostics',
    'headwater.checkRows',
  ]);
  const colours = manifest.contributes.colors.map(({ id }) => id);
  expect(called.filter((id) => !declared.includes(id) && !other.has(id) && !colours.includes(id))).toEqual([]);
});

test('every command has a menu entry that names an existing command', () => {
  const declared = manifest.contributes.commands.map(({ command }) => command);
  const listed = Object.values(manifest.contributes.menus)
    .flat()
    .map(({ command }) => command);
  expect(listed.filter((command) => !declared.includes(command))).toEqual([]);
});

test('every picture of the manifest exists', () => {
  const named = [...JSON.stringify(manifest.contributes).matchAll(/"(media\/[^"]+)"/g)].map(([, path]) => path ?? '');
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('the tools of language models are those of the server', () => {
  const declared = manifest.contributes.languageModelTools.map(({ name, displayName, modelDescription, inputSchema }) => ({
    name: name.replace('headwater_', ''),
    title: displayName,
    description: modelDescription,
    inputSchema,
  }));
  expect(declared).toEqual(JSON.parse(JSON.stringify(tools)));
});

test('the command line knows its version', () => {
  expect(version).toBe(manifest.version);
});
