import { proposeTests } from '../../core/checks/propose.ts';
import { sectionOf } from '../../core/checks/write-tests.ts';
import { diffSnapshots } from '../../core/dbt/state.ts';
import { buildErd } from '../../core/erd/build.ts';
import { toErdSource } from '../../core/erd/from-snapshot.ts';
import { measureErd } from '../../core/erd/measure.ts';
import { measurePreview } from '../../core/erd/measure-preview.ts';
import { checkRows } from '../../core/keys/check-rows.ts';
import { grainsOf } from '../../core/keys/grain-answer.ts';
import { ProjectGrain } from '../../core/keys/project-grain.ts';
import { sortProblems } from '../../core/text/sort-problems.ts';
import { readBaseline } from '../baseline.ts';
import { UsageError } from '../command.ts';
import { askRows } from '../commands/check.ts';
import { openSession } from '../session.ts';
import { asData, asName, toPage } from './answer-text.ts';
import { type Asked, nameById, nameOf, Refused } from './asked.ts';

const severities = ['error', 'warning', 'info', 'hint'];

/** What is wrong with the project, the worst first. */
export async function answerCheck(asked: Asked): Promise<string> {
  const { snapshot } = asked;
  const most = severities.indexOf(asked.text('severity') ?? 'warning');
  const name = asked.text('name');
  const path = name === undefined ? undefined : snapshot.sources.find(name) === undefined ? asked.node(name).path : name;
  const all = sortProblems([...snapshot.problems, ...(await checkRows(snapshot, askRows(asked.opened)))]).filter(
    (problem) => path === undefined || problem.path === path,
  );
  const shown = all
    .filter(({ severity }) => severities.indexOf(severity) <= most)
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
  const counts = severities.map((severity) => `${all.filter((problem) => problem.severity === severity).length} ${severity}`).join(', ');
  const items = shown.map(
    (problem) =>
      `${problem.severity} ${problem.code} ${asName(problem.path)}:${problem.start.line}:${problem.start.column} ${asData(problem.message)}`,
  );
  return toPage({ head: [`problems: ${counts}`], items, of: 'problems' }, asked.offset);
}

/** What one row of a node stands for. */
export async function answerGrain(asked: Asked): Promise<string> {
  const node = asked.node(asked.need('name', 'orders'));
  const measure = measurePreview(asked.snapshot, await openSession(asked.opened));
  const grains = await grainsOf(new ProjectGrain(asked.snapshot), node.id, measure);
  if (grains.length === 0) throw new Refused(`${asName(nameOf(node))} is a ${node.kind} and has no rows.`);
  const toKeys = (keys: readonly (readonly string[])[]): string =>
    keys.map((key) => (key.length === 0 ? 'one row in all' : `one row per ${key.map(asName).join(', ')}`)).join('; or ');
  const items = grains.map(({ cte, keys, proved, measured, broken, because }) =>
    [
      `${cte === undefined ? asName(nameOf(node)) : `CTE ${asName(cte)}`}: ${keys.length === 0 ? 'not known' : toKeys(keys)}`,
      proved.length > 0 ? 'proved' : '',
      measured === undefined ? '' : `counted over ${measured.rows} rows`,
      broken === undefined ? '' : `declared, but the rows contradict it: ${broken.map((key) => key.map(asName).join(', ')).join('; ')}`,
      ...because
        .slice(0, cte === undefined ? 6 : 1)
        .map(
          (proof) =>
            `because ${asData(proof.text, 240)}${proof.path === undefined ? '' : ` ${asName(proof.path)}${proof.line === undefined ? '' : `:${proof.line}`}`}`,
        ),
    ]
      .filter(Boolean)
      .join('\n  '),
  );
  return toPage({ head: [], items, of: 'grains' }, asked.offset);
}

/** What the working tree changes against a revision. */
export function answerReview(asked: Asked): string {
  const base = asked.text('base') ?? 'HEAD';
  const { snapshot } = asked;
  let diff: ReturnType<typeof diffSnapshots>;
  try {
    diff = diffSnapshots(readBaseline(asked.opened, base), snapshot);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new Refused(`${error.message} Give a revision such as {"base": "main"}.`);
  }
  const changed = new Set([...diff.added, ...diff.modified.keys()]);
  const reached = new Set([...changed].flatMap((id) => [...snapshot.graph.descendants(id)]).filter((id) => !changed.has(id)));
  const isTest = (id: string): boolean => /^(test|unit_test)\./.test(id);
  const items = [
    ...diff.removed.map((id) => `- removed ${asName(id)}`),
    ...diff.added.map((id) => `+ added ${asName(id)}`),
    ...[...diff.modified].map(([id, aspects]) => `~ changed ${asName(id)} (${[...aspects].sort().join(', ')})`),
    ...diff.columns.map(
      ({ node, name, change, from, to }) =>
        `  column ${nameById(snapshot, node)}.${asName(name)} ${change === 'type' ? `${asName(from || 'unknown')} → ${asName(to || 'unknown')}` : change}`,
    ),
    ...[...reached].filter((id) => !isTest(id)).map((id) => `reached ${asName(id)}`),
  ];
  const head = [
    `against ${asName(base)}: ${diff.added.length} added, ${diff.removed.length} removed, ${diff.modified.size} changed; they reach ${[...reached].filter((id) => !isTest(id)).length} more nodes and ${[...reached].filter(isTest).length} tests`,
  ];
  return toPage({ head, items, of: 'changes' }, asked.offset);
}

/** Keys and relations of entities. */
export async function answerErd(asked: Asked): Promise<string> {
  const name = asked.text('name');
  const only = name === undefined ? undefined : asked.node(name).id;
  const erd = await measureErd(buildErd(toErdSource(asked.snapshot)), measurePreview(asked.snapshot, await openSession(asked.opened)));
  const relations = erd.relationships.filter(({ from, to }) => only === undefined || from.entity === only || to.entity === only);
  const near = new Set<string>(
    only === undefined ? erd.entities.map(({ id }) => id) : [only, ...relations.flatMap(({ from, to }) => [from.entity, to.entity])],
  );
  const end = (entity: string, columns: readonly string[]): string =>
    `${nameById(asked.snapshot, entity)}(${columns.map(asName).join(', ')})`;
  const items = [
    ...relations.map(({ from, to, cardinality, status, measured, because }) => {
      const counted =
        measured === undefined
          ? ''
          : ` match ${(measured.match * 100).toFixed(1)} %, ${measured.orphans} orphans, fan-out ${measured.fanout.toFixed(2)}`;
      return `${end(from.entity, from.columns)} → ${end(to.entity, to.columns)} ${cardinality}, ${status}${counted}${because[0] === undefined ? '' : ` because ${asData(because[0].text, 160)}`}`;
    }),
    ...erd.entities
      .filter(({ id, keys }) => near.has(id) && keys.length > 0)
      .map(
        ({ id, keys }) =>
          `keys of ${nameById(asked.snapshot, id)}: ${keys.map((key) => `${key.columns.map(asName).join(', ')} (${key.kind}${key.broken ? ', broken by rows' : ''})`).join('; ')}`,
      ),
  ];
  if (only !== undefined && items.length === 0)
    throw new Refused('Nothing relates to it, by declaration or by values; ask erd without a name for all.');
  return toPage({ head: [`${relations.length} relations`], items, of: 'lines' }, asked.offset);
}

/** Tests and descriptions that a node lacks. */
export async function answerPropose(asked: Asked): Promise<string> {
  const { snapshot } = asked;
  const node = asked.node(asked.need('name', 'orders'));
  if (sectionOf(node) === undefined)
    throw new Refused(`${asName(nameOf(node))} is a ${node.kind}: tests are proposed for models, seeds and snapshots.`);
  const proposals = await proposeTests(await openSession(asked.opened), snapshot, node.id);
  if ('code' in proposals) throw new Refused(`Its rows cannot be looked at: ${asData(proposals.message)}`);
  const undocumented = (snapshot.columns.get(node.id) ?? [])
    .filter((column) => column.description === '')
    .map((column) => asName(column.name));
  const head = [
    node.description === '' ? 'the model has no description' : 'the model has a description',
    undocumented.length === 0
      ? 'every column has a description'
      : `no description: ${undocumented.slice(0, 60).join(', ')}${undocumented.length > 60 ? ' …' : ''}`,
    proposals.length === 0
      ? 'no test to propose'
      : `${proposals.length} tests to propose, in ${asName(node.patch?.path ?? 'a properties file')}`,
  ];
  const items = proposals.map(
    ({ column, name, arguments: given, because }) =>
      `${asName(column)}: ${name}${given === undefined ? '' : ` ${asData(JSON.stringify(given), 300)}`} because ${asData(because)}`,
  );
  return toPage({ head, items, of: 'proposals' }, asked.offset);
}
