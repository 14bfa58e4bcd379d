import type { RefCall, Resolution, SourceCall } from '../dbt/environment.ts';
import type { ProjectResolver } from '../dbt/resolver.ts';
import type { NodeId } from '../text/ids.ts';
import { withNearest } from '../text/nearest.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import { LineMap, type Location, type Span } from '../text/span.ts';
import { findCycles } from './cycles.ts';
import type { Parsed } from './dbt-project.ts';
import type { BuiltTest } from './dbt-tests.ts';
import type { Declared } from './declared-nodes.ts';
import type { TestSpec } from './generic-test.ts';
import type { Edge, EdgeVia } from './graph.ts';
import type { ModelNode, ProjectNode } from './node.ts';
import type { Linked, ReadMemo } from './read-memo.ts';

interface Names {
  readonly nodes: ReadonlyMap<NodeId, ProjectNode>;
  readonly resolver: ProjectResolver;
}

function followCall(
  call: RefCall | SourceCall,
  node: ProjectNode,
  via: EdgeVia | undefined,
  where: Location | string,
  names: Names,
): Edge | Problem {
  const found = 'source' in call ? names.resolver.source(call, node) : names.resolver.ref(call, node);
  if (found.kind === 'missing')
    return node.kind === 'test' ? toLeftOut(found, node, where) : toProblem(found.code, found.message, where, found.severity);
  const parent = names.nodes.get(found.node);
  return { from: found.node, to: node.id, via: via ?? (parent?.kind === 'source' ? 'source' : parent?.kind === 'seed' ? 'seed' : 'ref') };
}

/** A test of something that is not there is no error to dbt: it leaves the test out. */
function toLeftOut(found: Resolution & { kind: 'missing' }, node: ProjectNode, where: Location | string): Problem {
  const message = `${found.message} The test '${node.name}' is left out.`;
  return toProblem(found.code, message, where, found.code === 'ref-disabled' ? 'info' : 'warning');
}

/** The edges into one node that its own text asks for. */
export function linkParsed(parsed: Parsed, names: Names): Linked {
  const { node, rendering, file, fileText, kind } = parsed;
  const edges: Edge[] = [];
  const problems: Problem[] = [];
  if (!node.enabled) return { edges, problems, isLeftOut: false };
  const python = node.kind === 'model' && node.language === 'python';
  const via: EdgeVia | undefined = python ? 'python' : kind === 'test' ? 'test' : undefined;
  let lines: LineMap | undefined;
  const where = (span: Span | undefined): Location | string => {
    if (span === undefined) return file.path;
    lines ??= new LineMap(fileText);
    return lines.location(file.path, span);
  };
  for (const call of [...rendering.refs, ...rendering.sources]) {
    const found = followCall(call, node, via, where(call.span), names);
    if ('code' in found) {
      if (!call.guessed) problems.push(found);
    } else if (!edges.some((edge) => edge.from === found.from)) edges.push(found);
  }
  if (node.kind === 'model')
    for (const { call, at } of constraintCalls(node)) {
      const found = followCall(call, node, undefined, at, names);
      if ('code' in found) problems.push(found);
      else if (found.from !== node.id && !edges.some((edge) => edge.from === found.from)) edges.push(found);
    }
  return { edges, problems, isLeftOut: node.kind === 'test' && problems.length > 0 };
}

/** What the foreign keys of a model refer to: dbt builds it first. */
function constraintCalls(node: ModelNode): readonly { readonly call: RefCall | SourceCall; readonly at: Location }[] {
  return node.constraints.flatMap(({ kind, to, from }) => {
    const start = { line: from.line, column: 1 };
    return kind === 'foreign_key' ? callsIn(to).map((call) => ({ call, at: { path: from.path, start, end: start } })) : [];
  });
}

/** Turns the names that nodes say into edges between them; names that mean nothing become problems. */
export function linkNodes(input: {
  readonly nodes: Map<NodeId, ProjectNode>;
  readonly parsed: readonly Parsed[];
  readonly tests: readonly BuiltTest[];
  readonly declared: readonly (Declared<ProjectNode> & { readonly measures?: readonly string[] })[];
  readonly resolver: ProjectResolver;
  readonly memo: ReadMemo;
}): { readonly edges: readonly Edge[]; readonly problems: readonly Problem[] } {
  const edges = new Map<NodeId, Edge[]>();
  const problems: Problem[] = [];
  const add = (from: NodeId, to: NodeId, via: EdgeVia): void => {
    const known = edges.get(to);
    if (known === undefined) edges.set(to, [{ from, to, via }]);
    else if (!known.some((edge) => edge.from === from)) known.push({ from, to, via });
  };
  const leaveOut = (id: NodeId): void => {
    const node = input.nodes.get(id);
    if (node) input.nodes.set(id, { ...node, enabled: false });
  };
  const follow = (call: RefCall | SourceCall, node: ProjectNode, via: EdgeVia | undefined, where: Location | string): void => {
    const found = followCall(call, node, via, where, input);
    if ('code' in found) {
      problems.push(found);
      if (node.kind === 'test') leaveOut(node.id);
    } else add(found.from, found.to, found.via);
  };
  for (const parsed of input.parsed) {
    const linked = input.memo.linked(parsed, () => linkParsed(parsed, input));
    if (linked.edges.length > 0) edges.set(parsed.node.id, [...linked.edges]);
    problems.push(...linked.problems);
    if (linked.isLeftOut) leaveOut(parsed.node.id);
  }
  for (const { node, spec, calls } of input.tests) {
    if (!node.enabled) continue;
    if (node.attached !== undefined) add(node.attached, node.id, 'test');
    const line = { line: node.patch?.line ?? 1, column: 1 };
    const where = { path: node.path, start: line, end: line };
    const written = callsOf(spec);
    for (const call of written) follow(call, node, 'test', where);
    // What is missing here may stand in a branch of the macro that is never taken.
    for (const call of calls) {
      const found = followCall(call, node, 'test', where, input);
      if (!('code' in found)) add(found.from, found.to, found.via);
    }
  }
  const measures = new Map<string, NodeId>();
  const metrics = new Map<string, NodeId>();
  for (const { node, measures: own } of input.declared) {
    if (node.kind === 'semantic_model') for (const measure of own ?? []) measures.set(measure, node.id);
    if (node.kind === 'metric') metrics.set(node.name, node.id);
  }
  for (const { node, rendering } of input.parsed)
    for (const { name } of node.enabled ? rendering.metrics : []) {
      const metric = metrics.get(name);
      if (metric) add(metric, node.id, 'metric');
    }
  for (const declared of input.declared) {
    const { node } = declared;
    if (!node.enabled) continue;
    const line = { line: node.patch?.line ?? 1, column: 1 };
    const where = { path: node.path, start: line, end: line };
    const via: EdgeVia | undefined =
      node.kind === 'exposure' ? 'exposure' : node.kind === 'metric' ? 'metric' : node.kind === 'unit_test' ? 'test' : undefined;
    for (const call of callsIn(declared.dependsOn)) {
      follow(call, node, via, where);
      if (node.kind === 'unit_test' && 'name' in call) {
        const found = input.resolver.ref(call, node);
        if (found.kind === 'found') input.nodes.set(node.id, { ...node, model: found.node });
      }
    }
    for (const text of declared.dependsOn)
      for (const match of text.matchAll(/\bmetric\(\s*['"]([^'"]+)['"]/g)) {
        const metric = metrics.get(match[1] as string);
        if (metric) add(metric, node.id, via ?? 'metric');
      }
    if (node.kind === 'metric')
      for (const measure of declared.measures ?? []) {
        const model = measures.get(measure);
        if (model) add(model, node.id, 'metric');
        else
          problems.push(
            toProblem(
              'metric-unknown',
              withNearest(
                `The metric '${node.name}' uses the measure '${measure}', which no semantic model defines.`,
                measure,
                measures.keys(),
              ),
              where,
            ),
          );
      }
    for (const name of declared.metrics) {
      const metric = metrics.get(name);
      if (metric) add(metric, node.id, 'metric');
      else if (node.kind !== 'exposure')
        problems.push(
          toProblem(
            'metric-unknown',
            withNearest(`'${node.name}' uses the metric '${name}', which is not defined.`, name, metrics.keys()),
            where,
          ),
        );
    }
  }
  const off = new Set<NodeId>();
  for (const node of input.nodes.values()) if (!node.enabled) off.add(node.id);
  const kept = [...edges.values()].flatMap((into) => into.filter((edge) => !off.has(edge.from) && !off.has(edge.to)));
  const circles = input.memo.withCircles(kept, () => findCycles(input.nodes, kept));
  return { edges: circles.edges, problems: [...problems, ...circles.problems] };
}

const callPattern =
  /\b(ref|source)\(\s*(['"])([^'"]+)\2\s*(?:,\s*(['"])([^'"]+)\4\s*)?(?:,\s*v(?:ersion)?\s*=\s*['"]?([\w.]+)['"]?\s*)?\)/g;

const knownCalls = new WeakMap<TestSpec, readonly (RefCall | SourceCall)[]>();

function callsOf(spec: TestSpec): readonly (RefCall | SourceCall)[] {
  const before = knownCalls.get(spec);
  if (before !== undefined) return before;
  const calls = callsIn(spec.arguments);
  knownCalls.set(spec, calls);
  return calls;
}

/** The `ref` and `source` calls in any text inside a value. */
export function callsIn(value: unknown): readonly (RefCall | SourceCall)[] {
  if (typeof value === 'string')
    return [...value.matchAll(callPattern)].flatMap((match): (RefCall | SourceCall)[] => {
      const [, kind, , first = '', , second, version] = match;
      if (kind === 'source') return second === undefined ? [] : [{ source: first, table: second }];
      return [
        { name: second ?? first, ...(second === undefined ? {} : { package: first }), ...(version === undefined ? {} : { version }) },
      ];
    });
  if (Array.isArray(value)) return value.flatMap(callsIn);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(callsIn);
  return [];
}
