import type { ProjectNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import { testsOf } from '../project/tests-of.ts';
import type { Column, Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import { findDescription, showNode } from './describe-column.ts';
import { describeGrain } from './describe-grain.ts';
import { below, count, toCell, toCode, toLink, toName, toPlace, toProse } from './markdown.ts';
import { toTestWords } from './test-words.ts';

/** Everything that is documented of a node, as Markdown. */
export function describeNode(snapshot: Snapshot, id: NodeId): string {
  const node = snapshot.nodes.get(id);
  return node === undefined ? '' : toNodeText(snapshot, node, Number.POSITIVE_INFINITY);
}

/** A node in a hover: what it is in the first line, its columns and neighbours below. */
export function toNodeText(snapshot: Snapshot, node: ProjectNode, most: number): string {
  const columns = snapshot.columns.get(node.id) ?? [];
  const children = snapshot.graph.children(node.id).flatMap((id) => snapshot.nodes.get(id) ?? []);
  const tests = testsOf(node.id, snapshot.nodes, snapshot.graph);
  const readers = children.filter((child) => child.kind !== 'test' && child.kind !== 'unit_test');
  const title = `**${toName(showNode(snapshot, node.id))}** · ${kindWords(node)} · ${toLink(node.path.split('/').pop() ?? node.path, node.path)}`;
  const lines = [node.enabled ? title : `${title} · disabled`];
  if (node.description !== '') {
    const where = node.descriptionFrom === undefined ? '' : ` — *${toPlace(node.descriptionFrom)}*`;
    lines.push(`${toProse(node.description)}${where}`);
  }
  const own = ownWords(snapshot, node);
  if (own !== '') lines.push(own);
  const grain = isRelation(node) ? describeGrain(snapshot, node.id) : '';
  if (grain !== '') lines.push(grain);
  const whole = most === Number.POSITIVE_INFINITY;
  if (columns.length > 0) {
    const rows = columns.slice(0, most).map((column) => columnRow(snapshot, node, column));
    const more = columns.length > most ? `\n\n…and ${columns.length - most} more` : '';
    const table = `| column | type | | |\n|---|---|---|---|\n${rows.join('\n')}${more}`;
    lines.push(whole ? table : below(count(columns.length, 'column'), table));
  }
  const parents = snapshot.graph.parents(node.id).flatMap((id) => snapshot.nodes.get(id) ?? []);
  if (parents.length > 0) lines.push(list(snapshot, `Reads ${count(parents.length, 'node')}`, parents, whole));
  if (readers.length > 0) lines.push(list(snapshot, `Read by ${count(readers.length, 'node')}`, readers, whole));
  if (tests.length > 0) lines.push(list(snapshot, count(tests.length, 'test'), tests, whole));
  if (isRelation(node) && parents.length === 0 && readers.length === 0) lines.push('Nothing reads it.');
  return lines.join('\n\n');
}

function kindWords(node: ProjectNode): string {
  switch (node.kind) {
    case 'model':
      return `${toName(node.materialized)} model${node.language === 'python' ? ' in Python' : ''}`;
    case 'source':
      return 'source';
    case 'unit_test':
      return 'unit test';
    case 'semantic_model':
      return 'semantic model';
    case 'saved_query':
      return 'saved query';
    case 'exposure':
      return `exposure (${toName(node.type || 'of no type')})`;
    case 'metric':
      return `${toName(node.type || '')} metric`.trim();
    default:
      return node.kind;
  }
}

/** What only a kind of node has to say. */
function ownWords(snapshot: Snapshot, node: ProjectNode): string {
  const facts: string[] = [];
  if (node.package !== snapshot.project.name) facts.push(`from the package ${toCode(node.package)}`);
  if (isRelation(node)) {
    facts.push(toCode([node.database, node.schema, node.identifier].filter((part) => part !== '').join('.')));
    if (node.kind === 'source' && node.sourceDescription !== '') facts.push(toProse(node.sourceDescription));
    if (node.kind === 'source' && node.data !== undefined)
      facts.push(`rows from ${toLink(node.data.path, node.data.path)} (${toProse(node.data.because)})`);
    if (node.kind === 'model' && node.contract) facts.push('under a contract');
    if (node.kind === 'model' && node.access !== 'protected') facts.push(node.access);
  }
  if (node.kind === 'exposure') {
    const owner = node.owner.name ?? node.owner.email;
    if (owner !== undefined) facts.push(`owned by ${toProse(owner)}`);
    if (node.url !== undefined && /^https?:/.test(node.url))
      facts.push(
        `[${toName(node.label || node.name)}](${node.url.replace(/[()<>\s\\]/g, (sign) => encodeURIComponent(sign).replace('(', '%28').replace(')', '%29'))})`,
      );
    if (node.maturity !== undefined) facts.push(`maturity ${toName(node.maturity)}`);
  }
  if (node.kind === 'metric') {
    const { definition } = node;
    const parameters = definition.type_params ?? definition.measure ?? definition.expr;
    if (parameters !== undefined) facts.push(toCode(typeof parameters === 'string' ? parameters : JSON.stringify(parameters), 160));
  }
  if (node.tags.length > 0) facts.push(`tags ${node.tags.map((tag) => toCode(tag)).join(' ')}`);
  if (node.group !== undefined && node.group !== '') facts.push(`group ${toCode(node.group)}`);
  return facts.join(' · ');
}

function columnRow(snapshot: Snapshot, node: ProjectNode, column: Column): string {
  const facts = [...new Set(column.tests.flatMap((id) => toTestWords(snapshot, id) ?? []))].join(', ');
  const found = column.description === '' ? findDescription(snapshot, { node: node.id, column: column.name }) : undefined;
  const description = column.description !== '' ? toCell(column.description) : found === undefined ? '' : `*${toCell(found.text)}*`;
  return `| ${toCode(column.name).replaceAll('|', '\\|')} | ${toName(column.type.toLowerCase())} | ${toCell(facts, 50)} | ${description} |`;
}

function list(snapshot: Snapshot, title: string, nodes: readonly ProjectNode[], open: boolean): string {
  const items = nodes.slice(0, open ? 200 : 20).map((node) => `- ${toLink(showNode(snapshot, node.id), node.path)} · ${kindWords(node)}`);
  if (nodes.length > items.length) items.push(`- …and ${nodes.length - items.length} more`);
  return open ? `**${title}**\n\n${items.join('\n')}` : below(title, items.join('\n'));
}
