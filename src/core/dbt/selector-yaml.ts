import { withNearest } from '../text/nearest.ts';
import { selectorMethods } from './selector-methods.ts';
import type { IndirectSelection, SelectorCriterion, SelectorExpression } from './selector-parse.ts';
import { parseCriterion } from './selector-parse.ts';

export interface YamlSelectors {
  readonly selectors: ReadonlyMap<string, SelectorExpression>;
  readonly descriptions: ReadonlyMap<string, string>;
  /** The selector that stands where no selection is given. */
  readonly defaultName?: string;
  /** What is wrong, each with the name of its selector (empty for the file as a whole). */
  readonly problems: readonly { readonly selector: string; readonly message: string }[];
}

type Mapping = Readonly<Record<string, unknown>>;

const nowhere = { start: 0, end: 0 };
const keysOfCriterion = new Set([
  'method',
  'value',
  'children',
  'parents',
  'children_depth',
  'parents_depth',
  'childrens_parents',
  'indirect_selection',
  'exclude',
]);
const indirectModes: readonly string[] = ['eager', 'cautious', 'buildable', 'empty'];

class Mistake extends Error {}

/** Reads `selectors.yml`, given as parsed YAML: a selector that is wrong is left out with a problem, the others stay. */
export function readYamlSelectors(document: unknown): YamlSelectors {
  const selectors = new Map<string, SelectorExpression>();
  const descriptions = new Map<string, string>();
  const problems: { selector: string; message: string }[] = [];
  const list = isMapping(document) ? document.selectors : undefined;
  if (!Array.isArray(list)) {
    if (document !== undefined && document !== null) problems.push({ selector: '', message: "The file has no list 'selectors'." });
    return { selectors, descriptions, problems };
  }
  const defaults: string[] = [];
  for (const [i, entry] of list.entries()) {
    const name = isMapping(entry) && typeof entry.name === 'string' ? entry.name : '';
    try {
      if (!isMapping(entry) || name === '') throw new Mistake(`Selector ${i + 1} has no name.`);
      if (selectors.has(name)) throw new Mistake(`Two selectors are named '${name}'; the first one counts.`);
      if (entry.definition === undefined) throw new Mistake(`The selector '${name}' has no definition.`);
      selectors.set(name, readDefinition(entry.definition, selectors, name));
      for (const key of unknownKeys(entry.definition))
        problems.push({
          selector: name,
          message: withNearest(`'${key}' in the selector '${name}' is not a key of a criterion.`, key, keysOfCriterion),
        });
      if (typeof entry.description === 'string') descriptions.set(name, entry.description);
      if (entry.default === true || entry.default === 'true') defaults.push(name);
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      problems.push({ selector: name, message: error.message });
    }
  }
  if (defaults.length > 1)
    problems.push({
      selector: defaults[1] ?? '',
      message: `Only one selector can be the default; ${defaults.map((name) => `'${name}'`).join(' and ')} are.`,
    });
  return { selectors, descriptions, problems, ...(defaults[0] !== undefined && defaults.length === 1 && { defaultName: defaults[0] }) };
}

function readDefinition(definition: unknown, known: ReadonlyMap<string, SelectorExpression>, name: string): SelectorExpression {
  if (typeof definition === 'string') {
    const criterion = parseCriterion(definition, nowhere);
    if (typeof criterion === 'string') throw new Mistake(criterion);
    return checked(criterion, known);
  }
  if (!isMapping(definition)) throw new Mistake(`A definition in the selector '${name}' is neither a text nor a mapping.`);
  for (const kind of ['union', 'intersection'] as const) {
    if (!(kind in definition)) continue;
    const parts = definition[kind];
    if (!Array.isArray(parts) || Object.keys(definition).length > 1)
      throw new Mistake(`'${kind}' in the selector '${name}' must stand alone and hold a list.`);
    const isExclusion = (part: unknown) => isMapping(part) && 'exclude' in part && Object.keys(part).length === 1;
    const read = parts.filter((part) => !isExclusion(part)).map((part) => readDefinition(part, known, name));
    const exclusions = parts.filter(isExclusion) as readonly Mapping[];
    if (exclusions.length > 1) throw new Mistake(`'${kind}' in the selector '${name}' has more than one 'exclude'.`);
    const whole: SelectorExpression = { kind, parts: read };
    return exclusions[0] === undefined
      ? whole
      : { kind: 'difference', from: whole, minus: readExclusion(exclusions[0].exclude, known, name) };
  }
  if ('method' in definition) return readCriterion(definition, known, name);
  const [method, value, ...more] = Object.entries(definition).flat();
  if (
    more.length > 0 ||
    typeof method !== 'string' ||
    (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
  )
    throw new Mistake(`A definition in the selector '${name}' must have 'method' and 'value', or be one pair such as 'tag: nightly'.`);
  return checked(toCriterion(method, String(value), {}), known);
}

/** The keys of criteria that dbt passes over. */
function unknownKeys(definition: unknown): readonly string[] {
  if (Array.isArray(definition)) return definition.flatMap(unknownKeys);
  if (!isMapping(definition)) return [];
  const own = 'method' in definition ? Object.keys(definition).filter((key) => !keysOfCriterion.has(key)) : [];
  return [...own, ...Object.values(definition).flatMap(unknownKeys)];
}

function readCriterion(definition: Mapping, known: ReadonlyMap<string, SelectorExpression>, name: string): SelectorExpression {
  const { method, value, indirect_selection: indirect } = definition;
  if (typeof method !== 'string' || value === undefined || value === null)
    throw new Mistake(`A criterion in the selector '${name}' lacks 'method' or 'value'.`);
  if (indirect !== undefined && !(typeof indirect === 'string' && indirectModes.includes(indirect)))
    throw new Mistake(`'indirect_selection' in the selector '${name}' must be one of ${indirectModes.join(', ')}.`);
  const criterion = checked(
    toCriterion(method, String(value), {
      parents: definition.parents === true ? toSteps(definition.parents_depth) : 0,
      children: definition.children === true ? toSteps(definition.children_depth) : 0,
      childrensParents: definition.childrens_parents === true,
      ...(indirect !== undefined && { indirect: indirect as IndirectSelection }),
    }),
    known,
  );
  return definition.exclude === undefined
    ? criterion
    : { kind: 'difference', from: criterion, minus: readExclusion(definition.exclude, known, name) };
}

function readExclusion(list: unknown, known: ReadonlyMap<string, SelectorExpression>, name: string): SelectorExpression {
  if (!Array.isArray(list)) throw new Mistake(`'exclude' in the selector '${name}' must hold a list.`);
  return { kind: 'union', parts: list.map((part) => readDefinition(part, known, name)) };
}

function toCriterion(method: string, value: string, more: Partial<SelectorCriterion>): SelectorCriterion {
  const [name = '', ...rest] = method.split('.');
  const text = `${method}:${value}`;
  return {
    kind: 'criterion',
    text,
    span: nowhere,
    method: name,
    arguments: rest,
    value,
    parents: 0,
    children: 0,
    childrensParents: false,
    ...more,
  };
}

/** A selector can be built on those above it; a method must exist. */
function checked(criterion: SelectorCriterion, known: ReadonlyMap<string, SelectorExpression>): SelectorCriterion {
  if (criterion.method === 'selector') {
    if (!known.has(criterion.value))
      throw new Mistake(withNearest(`No selector above is named '${criterion.value}'.`, criterion.value, known.keys()));
  } else if (!Object.hasOwn(selectorMethods, criterion.method))
    throw new Mistake(withNearest(`'${criterion.method}' is not a selection method.`, criterion.method, Object.keys(selectorMethods)));
  return criterion;
}

function toSteps(depth: unknown): number {
  return typeof depth === 'number' ? depth : Number.POSITIVE_INFINITY;
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
