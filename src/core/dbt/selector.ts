import type { Graph } from '../project/graph.ts';
import type { ProjectNode } from '../project/node.ts';
import type { NodeId, NodeKind } from '../text/ids.ts';
import { withNearest } from '../text/nearest.ts';
import type { StateChanges } from './selector-methods.ts';
import { selectorMethods } from './selector-methods.ts';
import type { IndirectSelection, SelectorCriterion, SelectorExpression, SelectorProblem } from './selector-parse.ts';
import { parseSelector } from './selector-parse.ts';
import { isPattern } from './selector-patterns.ts';

export type { IndirectSelection, SelectorProblem, StateChanges };

/** What a selection is made from; a Snapshot is one. */
export interface Selectable {
  readonly nodes: ReadonlyMap<NodeId, ProjectNode>;
  readonly graph: Graph;
}

export interface SelectOptions {
  readonly exclude?: string;
  /** Whether tests come with their parents: with any (eager, as dbt does), with all, or not at all. */
  readonly indirect?: IndirectSelection;
  readonly resourceTypes?: readonly NodeKind[];
  readonly excludeResourceTypes?: readonly NodeKind[];
  /** The root project's package, for `package:this`. */
  readonly packageName?: string;
  /** The selectors of `selectors.yml` by name, for `selector:name`. */
  readonly selectors?: ReadonlyMap<string, SelectorExpression>;
  readonly state?: StateChanges;
}

export interface Selection {
  /** Ordered by id. */
  readonly ids: readonly NodeId[];
  readonly problems: readonly SelectorProblem[];
}

/** Selects nodes as dbt does; an empty text selects all. Disabled nodes are never selected. */
export function select(project: Selectable, text: string, options: SelectOptions = {}): Selection {
  const { expression, problems } = parseSelector(text);
  const all = text.trim() === '';
  const exclude = options.exclude?.trim() ? parseSelector(options.exclude) : undefined;
  const said = [...problems, ...(exclude?.problems ?? [])];
  // With a part that cannot be read, the rest would select something else than was meant.
  if (said.some((problem) => problem.severity === 'error')) return { ids: [], problems: said };
  const whole = all ? undefined : expression;
  return selectExpression(project, whole, exclude?.expression, options, said);
}

/** Selects by an expression that was read before, such as one of `selectors.yml`; undefined selects all. */
export function selectExpression(
  project: Selectable,
  expression: SelectorExpression | undefined,
  exclude: SelectorExpression | undefined,
  options: SelectOptions = {},
  said: readonly SelectorProblem[] = [],
): Selection {
  const evaluation = new Evaluation(project, options);
  let found = expression === undefined ? { direct: evaluation.all, indirect: new Set<NodeId>() } : evaluation.evaluate(expression);
  if (exclude !== undefined) found = evaluation.without(found, evaluation.evaluate(exclude));
  const { resourceTypes, excludeResourceTypes } = options;
  const ids = [...found.direct].filter((id) => {
    const kind = project.nodes.get(id)?.kind;
    if (kind === undefined) return false;
    return (resourceTypes === undefined || resourceTypes.includes(kind)) && !excludeResourceTypes?.includes(kind);
  });
  const problems = [...said, ...evaluation.problems];
  return { ids: problems.some((problem) => problem.severity === 'error') ? [] : ids.sort(), problems };
}

/** Nodes selected, and tests that wait until all their parents are. */
interface Found {
  readonly direct: ReadonlySet<NodeId>;
  readonly indirect: ReadonlySet<NodeId>;
}

class Evaluation {
  readonly problems: SelectorProblem[] = [];
  readonly all: ReadonlySet<NodeId>;
  readonly #enabled: readonly ProjectNode[];
  readonly #open: string[] = [];

  constructor(
    readonly project: Selectable,
    readonly options: SelectOptions,
  ) {
    this.#enabled = [...project.nodes.values()].filter((node) => node.enabled);
    this.all = new Set(this.#enabled.map((node) => node.id));
  }

  evaluate(expression: SelectorExpression): Found {
    switch (expression.kind) {
      case 'criterion':
        return expression.method === 'selector' ? this.#named(expression) : this.#criterion(expression);
      case 'difference':
        return this.without(this.evaluate(expression.from), this.evaluate(expression.minus));
      default: {
        const found = expression.parts.map((part) => this.evaluate(part));
        const combine = expression.kind === 'union' ? unite : intersect;
        return this.#settle({ direct: combine(found.map((part) => part.direct)), indirect: combine(found.map((part) => part.indirect)) });
      }
    }
  }

  without(found: Found, minus: Found): Found {
    return this.#settle({ direct: subtract(found.direct, minus.direct), indirect: subtract(found.indirect, minus.indirect) });
  }

  /** Lets the waiting tests in whose parents are all selected by now. */
  #settle({ direct, indirect }: Found): Found {
    const selected = new Set(direct);
    for (const id of indirect) if (this.project.graph.parents(id).every((parent) => direct.has(parent))) selected.add(id);
    return { direct: selected, indirect };
  }

  #named(criterion: SelectorCriterion): Found {
    const { selectors } = this.options;
    const expression = selectors?.get(criterion.value);
    if (expression === undefined || this.#open.includes(criterion.value)) {
      const sentence =
        expression === undefined
          ? `No selector is named '${criterion.value}' in selectors.yml.`
          : `The selector '${criterion.value}' refers to itself by way of ${[...this.#open, criterion.value].join(' → ')}.`;
      this.#report('error', expression ? sentence : withNearest(sentence, criterion.value, selectors?.keys() ?? []), criterion);
      return { direct: new Set(), indirect: new Set() };
    }
    this.#open.push(criterion.value);
    const found = this.evaluate(expression);
    this.#open.pop();
    return this.#withTests(this.#neighbours(found.direct, criterion), criterion, found.indirect);
  }

  #criterion(criterion: SelectorCriterion): Found {
    const method = Object.hasOwn(selectorMethods, criterion.method) ? selectorMethods[criterion.method] : undefined;
    const test =
      method?.build(criterion, { packageName: this.options.packageName ?? '', state: this.options.state }) ??
      withNearest(`'${criterion.method}' is not a selection method.`, criterion.method, Object.keys(selectorMethods));
    if (typeof test === 'string') {
      this.#report('error', test, criterion);
      return { direct: new Set(), indirect: new Set() };
    }
    const found = new Set<NodeId>();
    for (const node of this.#enabled) if (test(node)) found.add(node.id);
    if (found.size === 0) this.#report('warning', this.#explainNothing(criterion), criterion);
    return this.#withTests(this.#neighbours(found, criterion), criterion);
  }

  #explainNothing(criterion: SelectorCriterion): string {
    const method = selectorMethods[criterion.method];
    const disabled = [...this.project.nodes.values()].find((node) => !node.enabled && node.name === criterion.value);
    if (disabled) return `'${criterion.text}' selects nothing: '${criterion.value}' is disabled.`;
    // dbt compares a pattern with the folders too, which surprises most people.
    if (criterion.method === 'fqn' && isPattern(criterion.value) && !criterion.value.includes('.'))
      return `'${criterion.text}' selects nothing: a pattern is compared with folders and name. Write '*.${criterion.value}' to find names in any folder.`;
    const values = new Set(this.#enabled.flatMap((node) => method?.values(node, criterion) ?? []));
    return withNearest(`'${criterion.text}' selects nothing.`, criterion.value, values);
  }

  #neighbours(found: ReadonlySet<NodeId>, criterion: SelectorCriterion): ReadonlySet<NodeId> {
    const { graph } = this.project;
    const parents = (id: NodeId) => graph.parents(id);
    const children = (id: NodeId) => graph.children(id);
    if (criterion.childrensParents) return reach(reach(found, Number.POSITIVE_INFINITY, children), Number.POSITIVE_INFINITY, parents);
    if (criterion.parents === 0 && criterion.children === 0) return found;
    return unite([reach(found, criterion.parents, parents), reach(found, criterion.children, children)]);
  }

  /** Adds the tests that hang on what is selected, as far as indirect selection lets them. */
  #withTests(selected: ReadonlySet<NodeId>, criterion: SelectorCriterion, waiting: ReadonlySet<NodeId> = new Set()): Found {
    const mode = criterion.indirect ?? this.options.indirect ?? 'eager';
    const enabled = new Set([...selected].filter((id) => this.all.has(id)));
    if (mode === 'empty') return { direct: enabled, indirect: new Set() };
    const { graph, nodes } = this.project;
    const direct = new Set(enabled);
    const indirect = new Set(waiting);
    let buildable: ReadonlySet<NodeId> | undefined;
    for (const id of enabled)
      for (const child of graph.children(id)) {
        const node = nodes.get(child);
        if (node === undefined || !node.enabled || (node.kind !== 'test' && node.kind !== 'unit_test') || direct.has(child)) continue;
        if (mode === 'buildable') buildable ??= reach(enabled, Number.POSITIVE_INFINITY, (at) => graph.parents(at));
        const isIn = (parent: NodeId) =>
          enabled.has(parent) || (buildable !== undefined && (buildable.has(parent) || nodes.get(parent)?.kind === 'source'));
        if (mode === 'eager' || graph.parents(child).every(isIn)) direct.add(child);
        else indirect.add(child);
      }
    return { direct, indirect };
  }

  #report(severity: SelectorProblem['severity'], message: string, { span }: SelectorCriterion): void {
    this.problems.push({ severity, message, span });
  }
}

/** Some nodes and all within a number of steps of any of them. */
function reach(from: ReadonlySet<NodeId>, steps: number, next: (id: NodeId) => readonly NodeId[]): ReadonlySet<NodeId> {
  const found = new Set(from);
  let frontier: readonly NodeId[] = [...from];
  for (let step = 0; step < steps && frontier.length > 0; step++) {
    const following: NodeId[] = [];
    for (const id of frontier)
      for (const other of next(id))
        if (!found.has(other)) {
          found.add(other);
          following.push(other);
        }
    frontier = following;
  }
  return found;
}

function unite(sets: readonly ReadonlySet<NodeId>[]): ReadonlySet<NodeId> {
  const all = new Set<NodeId>();
  for (const set of sets) for (const id of set) all.add(id);
  return all;
}

function intersect(sets: readonly ReadonlySet<NodeId>[]): ReadonlySet<NodeId> {
  return new Set([...(sets[0] ?? [])].filter((id) => sets.every((set) => set.has(id))));
}

function subtract(set: ReadonlySet<NodeId>, minus: ReadonlySet<NodeId>): ReadonlySet<NodeId> {
  return new Set([...set].filter((id) => !minus.has(id)));
}
