import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(__dirname, '..');

/** Which rooms a room may import; a room always may import itself. `node:*` and `vscode` are named like rooms. */
const law: Readonly<Record<string, readonly string[]>> = {
  core: [],
  engines: ['core'],
  disk: ['core', 'node'],
  protocol: ['core'],
  worker: ['core', 'disk', 'engines', 'protocol', 'node'],
  cli: ['core', 'disk', 'engines', 'protocol', 'node'],
  extension: ['core', 'disk', 'protocol', 'node', 'vscode'],
  webview: ['protocol', 'core'],
};

/** Rooms that see the core through the protocol: of the core itself they take only types, or what draws without a project. */
const typesOnly: readonly (readonly [room: string, target: string])[] = [['protocol', 'core']];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

const files = ['src', 'webview'].flatMap((folder) => listFiles(join(root, folder)));
const imports = files.flatMap(readImports);

test('imports run one way between the rooms', () => {
  const breaches = imports
    .map(({ from, to }) => ({ from, to, own: toRoom(from), other: toRoom(to) }))
    .filter(({ own, other }) => other !== undefined && own !== other && !(law[own ?? ''] ?? []).includes(other))
    .map(({ from, to }) => `${from} imports ${to}`);
  expect(breaches).toEqual([]);
});

test('the protocol takes nothing but types from the core', () => {
  const breaches = imports
    .filter(({ from, to, isType }) => !isType && typesOnly.some(([room, target]) => toRoom(from) === room && toRoom(to) === target))
    .map(({ from, to }) => `${from} imports ${to} as a value`);
  expect(breaches).toEqual([]);
});

test('elkjs is loaded in workers alone, the toolkit in webview/ui alone', () => {
  const breaches = imports
    .filter(({ to, isType }) => !isType && (to.startsWith('elkjs') || to.startsWith('@vscode/webview-ui-toolkit')))
    .filter(({ from, to }) => (to.startsWith('elkjs') ? !from.startsWith('src/worker/') : !from.startsWith('webview/ui/')))
    .map(({ from, to }) => `${from} imports ${to}`);
  expect(breaches).toEqual([]);
});

test('no file imports itself through others', () => {
  const next = new Map<string, string[]>();
  for (const { from, to, isType } of imports) if (!isType && toRoom(to) !== undefined) next.set(from, [...(next.get(from) ?? []), to]);
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
      return;
    }
    state.set(file, 'open');
    for (const other of next.get(file) ?? []) visit(other, [...trail, file]);
    state.set(file, 'done');
  };
  for (const file of files) visit(relative(root, file), []);
  expect(cycles).toEqual([]);
});

test('the table names every room there is', () => {
  const rooms = new Set(files.map((file) => toRoom(relative(root, file))));
  expect([...rooms].filter((room) => law[room ?? ''] === undefined)).toEqual([]);
});

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name));
}

/** The room of a path in the repository, `node` and `vscode` for those modules, undefined for a library. */
function toRoom(path: string): string | undefined {
  if (path.startsWith('node:')) return 'node';
  if (path === 'vscode') return 'vscode';
  if (path.startsWith('webview/')) return 'webview';
  if (path === 'src/protocol.ts' || path === 'src/wire.ts') return 'protocol';
  return /^src\/(\w+)\//.exec(path)?.[1];
}

function readImports(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const from = relative(root, file);
  const found = text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm);
  return [...found].map(([, type, named, dynamic]) => {
    const target = named ?? dynamic ?? '';
    const to = target.startsWith('.') ? normalize(join(dirname(from), target)) : target;
    return { from, to, isType: type !== undefined };
  });
}
