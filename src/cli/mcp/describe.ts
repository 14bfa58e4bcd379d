import { toTestWords } from '../../core/docs/test-words.ts';
import { grainsOf } from '../../core/keys/grain-answer.ts';
import { ProjectGrain } from '../../core/keys/project-grain.ts';
import { LineageQuestions } from '../../core/lineage/questions.ts';
import { isRelation, type ProjectNode } from '../../core/project/node.ts';
import { testsOf } from '../../core/project/tests-of.ts';
import { asData, asName, toPage } from './answer-text.ts';
import { type Asked, nameById, nameOf } from './asked.ts';

/** A node or a column in full. */
export async function answerDescribe(asked: Asked): Promise<string> {
  const { node, column } = asked.target(asked.need('name', 'orders'));
  return column === undefined ? describeNode(asked, node) : describeColumn(asked, node, column);
}

async function describeNode(asked: Asked, node: ProjectNode): Promise<string> {
  const { snapshot } = asked;
  const columns = snapshot.columns.get(node.id) ?? [];
  const head = [
    `${node.kind} ${asName(nameOf(node))} (${asName(node.id)}) in ${asName(node.path)}`,
    node.description === '' ? 'no description' : asData(node.description, 900),
  ];
  if (isRelation(node)) head.push(`${asName(node.materialized)}, ${snapshot.project.dialect}`);
  if (node.kind === 'source')
    head.push(node.data === undefined ? 'no rows here' : `rows from ${asName(node.data.path)}: ${asData(node.data.because)}`);
  if (node.tags.length > 0) head.push(`tags: ${node.tags.map(asName).join(', ')}`);
  if (isRelation(node)) head.push(...(await grainLines(asked, node)));
  const own = testsOf(node.id, snapshot.nodes, snapshot.graph);
  const tests = new Set(own.map(({ id }) => id));
  head.push(neighbours(asked, 'reads', snapshot.graph.parents(node.id)));
  head.push(
    neighbours(
      asked,
      'read by',
      snapshot.graph.children(node.id).filter((id) => !tests.has(id) && snapshot.nodes.get(id)?.kind !== 'test'),
    ),
  );
  const onColumns = new Set(columns.flatMap((column) => column.tests));
  const others = own.filter(({ id }) => !onColumns.has(id)).map((test) => asName(test.name));
  if (others.length > 0)
    head.push(`tests of the whole: ${others.slice(0, 15).join(', ')}${others.length > 15 ? ` and ${others.length - 15} more` : ''}`);
  if (node.kind === 'exposure') head.push(`owner: ${asData(node.owner.name ?? node.owner.email ?? 'nobody')}`);
  const items = columns.map(({ name, type, nullable, description, tests: held }) => {
    const words = held.flatMap((test) => toTestWords(snapshot, test) ?? []);
    const facts = [
      type === '' ? 'type not known' : asName(type),
      nullable === false ? 'never null' : '',
      words.length === 0 ? '' : asData(words.join(', '), 200),
    ];
    return `- ${asName(name)} ${facts.filter(Boolean).join('; ')}${description === '' ? '' : ` ${asData(description, 240)}`}`;
  });
  return toPage({ head, items, of: 'columns' }, asked.offset);
}

async function grainLines(asked: Asked, node: ProjectNode): Promise<readonly string[]> {
  const [grain] = await grainsOf(new ProjectGrain(asked.snapshot), node.id);
  if (grain === undefined || grain.keys.length === 0) return ['grain: not proved; ask grain to count'];
  const keys = grain.keys.slice(0, 4).map((key) => (key.length === 0 ? 'one row in all' : `one row per ${key.map(asName).join(', ')}`));
  const proof = grain.because[0];
  return [`grain: ${keys.join('; or ')}${proof === undefined ? '' : ` because ${asData(proof.text, 200)}`}`];
}

function neighbours({ snapshot }: Asked, title: string, ids: readonly string[]): string {
  const shown = [...new Set(ids)].slice(0, 25).map((id) => nameById(snapshot, id));
  return `${title}: ${shown.length === 0 ? 'nothing' : shown.join(', ')}${ids.length > 25 ? ` and ${ids.length - 25} more: ask lineage` : ''}`;
}

function describeColumn(asked: Asked, node: ProjectNode, name: string): string {
  const { snapshot } = asked;
  const column = snapshot.columns.get(node.id)?.find((one) => one.name === name);
  const made = snapshot.lineage.nodes.get(node.id)?.columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
  const questions = new LineageQuestions(snapshot.lineage);
  const ref = { node: node.id, column: name };
  const head = [
    `column ${asName(`${nameOf(node)}.${name}`)} of ${asName(node.id)} in ${asName(node.path)}`,
    `type ${column?.type ? asName(column.type) : 'not known'}${column?.nullable === false ? ', never null' : column?.nullable === true ? ', may be null' : ''}`,
    column?.description ? asData(column.description, 900) : 'no description',
  ];
  if (made?.expression !== undefined) head.push(`made by ${asData(made.expression, 700)}`);
  const words = (column?.tests ?? []).flatMap((test) => toTestWords(snapshot, test) ?? []);
  head.push(words.length === 0 ? 'no tests' : `tests: ${asData(words.join(', '), 500)}`);
  const items = questions
    .inputs(ref)
    .map(
      (edge) =>
        `from ${nameById(snapshot, edge.from)}.${asName(edge.fromColumn)} (${edge.kind}, ${edge.confidence}${edge.reason === undefined ? '' : `: ${asData(edge.reason, 200)}`})`,
    );
  for (const lost of snapshot.lineage.nodes.get(node.id)?.lost ?? [])
    if (lost.toColumn.toLowerCase() === name.toLowerCase()) items.push(`from outside what is known: ${asData(lost.reason, 200)}`);
  if (items.length === 0)
    items.push(isRelation(node) && node.kind !== 'model' && node.kind !== 'snapshot' ? 'it is raw data' : 'no column goes into it');
  const { columns, uses } = questions.impact(ref);
  const foot = [
    `${columns.length} columns are made from it and ${uses.length} filters, joins or groups use it: ask lineage with direction down`,
  ];
  return toPage({ head, items, of: 'inputs', foot }, asked.offset);
}
