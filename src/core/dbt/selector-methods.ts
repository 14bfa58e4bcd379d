import type { ProjectNode } from '../project/node.ts';
import type { NodeId } from '../text/ids.ts';
import type { SelectorCriterion } from './selector-parse.ts';
import { isPattern, matches, toPathMatcher } from './selector-patterns.ts';

export type ChangedAspect = 'body' | 'configs' | 'persisted_descriptions' | 'relation' | 'macros' | 'contract';

/** How nodes differ from a baseline; a node that is not in it is as it was. */
export type StateChanges = ReadonlyMap<NodeId, 'new' | ReadonlySet<ChangedAspect>>;

export interface MethodContext {
  /** The root project's package, which `package:this` means. */
  readonly packageName: string;
  readonly state: StateChanges | undefined;
}

/** A method of selection: makes a test of nodes out of a criterion, or says why it cannot; offers values that it knows. */
export interface SelectorMethod {
  readonly explanation: string;
  build(criterion: SelectorCriterion, context: MethodContext): ((node: ProjectNode) => boolean) | string;
  /** Values worth offering for a node. */
  values(node: ProjectNode, criterion: Pick<SelectorCriterion, 'arguments'>): readonly string[];
}

const none: readonly string[] = [];
const ofNodes: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot', 'test', 'analysis', 'operation', 'unit_test']);

/** Methods that compare one word of a node with a pattern. */
function byWords(explanation: string, words: (node: ProjectNode) => readonly string[]): SelectorMethod {
  return {
    explanation,
    build:
      ({ value }) =>
      (node) =>
        words(node).some((word) => matches(word, value)),
    values: words,
  };
}

/** Methods of one kind of node by its name: `name` or `package.name`. */
function byKind(kind: ProjectNode['kind'], explanation: string): SelectorMethod {
  return {
    explanation,
    build({ value, text }) {
      const parts = value.split('.');
      const [owner, name] = parts.length === 1 ? ['*', value] : [parts[0] ?? '', parts[1] ?? ''];
      if (parts.length > 2) return `'${text}' has too many parts; write '${kind}:name' or '${kind}:package.name'.`;
      return (node) => node.kind === kind && matches(node.package, owner) && matches(node.name, name);
    },
    values: (node) => (node.kind === kind ? [node.name] : none),
  };
}

/** Methods whose values are a fixed list. */
function byChoice(
  explanation: string,
  choices: readonly string[],
  test: (value: string) => (node: ProjectNode) => boolean,
): SelectorMethod {
  return {
    explanation,
    build: ({ value, text }) =>
      choices.includes(value) ? test(value) : `'${text}' is none of ${choices.map((choice) => `'${choice}'`).join(', ')}.`,
    values: () => choices,
  };
}

const needsArtifacts: SelectorMethod = {
  explanation: 'by the outcome of an earlier run, which needs its artifacts',
  build: ({ method, text }) =>
    `'${text}' asks for the outcome of an earlier dbt run. That stands in run artifacts of the warehouse, which are not read here; '${method}:' can only be used with dbt itself.`,
  values: () => none,
};

const fqn: SelectorMethod = {
  explanation: 'by name, or by folders and name joined with dots',
  build({ value }) {
    const parts = value.split('.');
    const wildcard = parts.findIndex(isPattern);
    return (node) => ofNodes.has(node.kind) && isNamed(node, value, parts, wildcard);
  },
  values: (node) => (ofNodes.has(node.kind) ? [isVersioned(node) ? (node.fqn.at(-2) ?? node.name) : (node.fqn.at(-1) ?? node.name)] : none),
};

function isVersioned(node: ProjectNode): boolean {
  return node.kind === 'model' && node.version !== undefined;
}

function isNamed(node: ProjectNode, value: string, parts: readonly string[], wildcard: number): boolean {
  const names = node.fqn;
  const last = names.length - 1;
  if (isVersioned(node)) {
    if (names[last - 1] === value || `${names[last - 1]}_${names[last]}` === parts.slice(-2).join('_')) return true;
  } else if (names[last] === value) return true;
  // Dots inside names separate like the folders do.
  const flat = names.some((name) => name.includes('.')) ? names.flatMap((name) => name.split('.')) : names;
  return isWithin(flat, 0, parts, wildcard) || isWithin(flat, names[0]?.split('.').length ?? 1, parts, wildcard);
}

function isWithin(flat: readonly string[], from: number, parts: readonly string[], wildcard: number): boolean {
  if (flat.length - from < parts.length) return false;
  const literal = wildcard === -1 ? parts.length : wildcard;
  for (let i = 0; i < literal; i++) if (flat[from + i] !== parts[i]) return false;
  return wildcard === -1 || matches(flat.slice(from + wildcard).join('.'), parts.slice(wildcard).join('.'));
}

const path: SelectorMethod = {
  explanation: 'by the folder or file that defines it',
  build({ value }) {
    const isMatch = toPathMatcher(value);
    const known = new Map<string, boolean>();
    const isBelow = (at: string): boolean => {
      let result = known.get(at);
      if (result === undefined) {
        const slash = at.lastIndexOf('/');
        result = isMatch(at) || (slash > 0 && isBelow(at.slice(0, slash)));
        known.set(at, result);
      }
      return result;
    };
    return (node) => isBelow(node.path) || (node.patch !== undefined && isMatch(node.patch.path));
  },
  values(node) {
    const parts = node.path.split('/');
    return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
  },
};

const config: SelectorMethod = {
  explanation: 'by a configured value: config.materialized:table',
  build({ value, arguments: keys, text }) {
    if (keys.length === 0) return `'${text}' does not say which configuration; write 'config.materialized:${value}', for example.`;
    const wanted = value.toLowerCase();
    const fits = (found: unknown): boolean => {
      if (found === true || found === false) return wanted === String(found);
      if (Array.isArray(found)) return found.some(fits);
      if (typeof found === 'object' && found !== null) return Object.hasOwn(found, value);
      return (
        found !== undefined && found !== null && (keys[0] === 'severity' ? String(found).toLowerCase() === wanted : String(found) === value)
      );
    };
    return (node) => fits(findConfig(node, keys));
  },
  values(node, { arguments: keys }) {
    const found = findConfig(node, keys);
    if (Array.isArray(found)) return found.map(String);
    return found === undefined || found === null || typeof found === 'object' ? none : [String(found)];
  },
};

function findConfig(node: ProjectNode, keys: readonly string[]): unknown {
  let found: unknown = node.config;
  for (const key of keys) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[key];
  }
  return found ?? (keys.length === 1 && keys[0] === 'materialized' && 'materialized' in node ? node.materialized : undefined);
}

const source: SelectorMethod = {
  explanation: 'by source, or by source and table',
  build({ value, text }) {
    const parts = value.split('.');
    if (parts.length > 3) return `'${text}' has too many parts; write 'source:name', 'source:name.table' or 'source:package.name.table'.`;
    const owner = parts.length === 3 ? (parts[0] ?? '*') : '*';
    const [name = '*', table = '*'] = parts.length === 3 ? parts.slice(1) : parts;
    return (node) => node.kind === 'source' && matches(node.package, owner) && matches(node.sourceName, name) && matches(node.name, table);
  },
  values: (node) => (node.kind === 'source' ? [node.sourceName, `${node.sourceName}.${node.name}`] : none),
};

const aspects: readonly ChangedAspect[] = ['body', 'configs', 'persisted_descriptions', 'relation', 'macros', 'contract'];

const state: SelectorMethod = {
  explanation: 'by what changed against a baseline',
  build({ value, text }, { state: changes }) {
    const [what = '', aspect] = value.split('.');
    const known =
      ['new', 'old', 'modified', 'unmodified'].includes(what) &&
      (aspect === undefined || (what === 'modified' && aspects.includes(aspect as ChangedAspect)));
    if (!known)
      return `'${text}' is none of 'state:new', 'state:old', 'state:modified', 'state:unmodified', or 'state:modified.' with one of ${aspects.join(', ')}.`;
    if (changes === undefined) return `'${text}' compares with a baseline, and there is none here.`;
    return ({ id }) => {
      const change = changes.get(id);
      if (what === 'new') return change === 'new';
      if (what === 'old') return change !== 'new';
      const modified =
        change === 'new' || (change !== undefined && (aspect === undefined ? change.size > 0 : change.has(aspect as ChangedAspect)));
      return what === 'modified' ? modified : !modified;
    };
  },
  values: () => ['modified', 'new', 'old', 'unmodified', ...aspects.map((aspect) => `modified.${aspect}`)],
};

/** Every method of dbt by its name. */
export const selectorMethods: Readonly<Record<string, SelectorMethod>> = {
  fqn,
  tag: byWords('by tag', (node) => node.tags),
  path,
  file: byWords('by the name of its file', (node) => [fileName(node.path)]),
  source,
  package: {
    explanation: "by package; 'this' is the project itself",
    build:
      ({ value }, { packageName }) =>
      (node) =>
        matches(node.package, value === 'this' ? packageName : value),
    values: (node) => [node.package],
  },
  config,
  resource_type: byWords('by kind: model, seed, test, …', (node) => [node.kind]),
  test_type: byChoice('generic, singular, data or unit', ['generic', 'singular', 'data', 'unit', 'schema'], (value) => (node) => {
    if (value === 'unit') return node.kind === 'unit_test';
    if (node.kind !== 'test') return false;
    return value === 'data' || (value === 'singular') === (node.generic === undefined);
  }),
  test_name: byWords('by the generic test that it is, or the name of a unit test', (node) =>
    node.kind === 'test' && node.generic ? [node.generic.macro.split('.').at(-1) ?? ''] : node.kind === 'unit_test' ? [node.name] : none,
  ),
  unit_test: byKind('unit_test', 'unit tests by name'),
  exposure: byKind('exposure', 'exposures by name'),
  metric: byKind('metric', 'metrics by name'),
  semantic_model: byKind('semantic_model', 'semantic models by name'),
  saved_query: byKind('saved_query', 'saved queries by name'),
  group: byWords('by group', (node) => (node.group === undefined ? none : [node.group])),
  access: byChoice(
    'private, protected or public models',
    ['private', 'protected', 'public'],
    (value) => (node) => node.kind === 'model' && node.access === value,
  ),
  version: byChoice('latest, prerelease, old or none', ['latest', 'prerelease', 'old', 'none'], (value) => (node) => {
    if (node.kind !== 'model') return false;
    if (node.version === undefined) return value === 'none';
    const order = compareVersions(node.version, node.latestVersion ?? node.version);
    return value === 'latest' ? order === 0 : value === 'prerelease' ? order > 0 : value === 'old' && order < 0;
  }),
  state,
  result: needsArtifacts,
  source_status: needsArtifacts,
};

function compareVersions(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return a < b ? -1 : a > b ? 1 : 0;
}

function fileName(at: string): string {
  return at.slice(at.lastIndexOf('/') + 1);
}
