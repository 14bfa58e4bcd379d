import type { Entity, Erd, Relationship } from '../erd/erd.ts';
import {
  toD2Text,
  toDbmlName,
  toDbmlText,
  toDbmlType,
  toDdlComment,
  toDdlName,
  toDdlType,
  toMermaidText,
  toPlantUmlText,
} from './export-words.ts';

/** The diagram's entities under names that are words and unique. */
function toNames(erd: Erd): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const entity of erd.entities) {
    const word = entity.name.replace(/[^A-Za-z0-9_]/g, '_');
    let name = word;
    if (taken.has(name.toLowerCase())) {
      // Two entities of one name differ in what their id says before it.
      const before = entity.id.split('.').at(-2) ?? entity.kind;
      name = `${before.replace(/[^A-Za-z0-9_]/g, '_')}__${word}`;
    }
    for (let i = 2; taken.has(name.toLowerCase()); i++) name = `${word}_${i}`;
    taken.add(name.toLowerCase());
    names.set(entity.id, name);
  }
  return names;
}

function isIn(entity: Entity, kind: 'primary' | 'unique', column: string): boolean {
  return entity.keys.some(
    (key) => key.kind === kind && !key.broken && key.columns.length === 1 && key.columns[0]?.toLowerCase() === column.toLowerCase(),
  );
}

function isReference(erd: Erd, entity: Entity, column: string): boolean {
  return erd.relationships.some(
    (relation) =>
      relation.status !== 'candidate' &&
      relation.from.entity === entity.id &&
      relation.from.columns.some((at) => at.toLowerCase() === column.toLowerCase()),
  );
}

function isPrimary(entity: Entity, column: string): boolean {
  return entity.keys.some(
    (key) => key.kind === 'primary' && !key.broken && key.columns.some((at) => at.toLowerCase() === column.toLowerCase()),
  );
}

const word = (text: string): string => text.replace(/[^A-Za-z0-9_]/g, '_') || 'unknown';

/** An entity relationship diagram for Mermaid. Relations that only names suggest are dotted. */
export function toErdMermaid(erd: Erd): string {
  const names = toNames(erd);
  const lines = ['erDiagram'];
  for (const entity of erd.entities) {
    lines.push(`  ${names.get(entity.id)} {`);
    for (const column of entity.columns) {
      const marks = [
        isPrimary(entity, column.name) ? 'PK' : '',
        isReference(erd, entity, column.name) ? 'FK' : '',
        isIn(entity, 'unique', column.name) ? 'UK' : '',
      ].filter(Boolean);
      const comment = column.description === '' ? '' : ` "${toMermaidText(column.description)}"`;
      lines.push(
        `    ${word(column.type === '' ? 'unknown' : column.type)} ${word(column.name)}${marks.length > 0 ? ` ${marks.join(', ')}` : ''}${comment}`,
      );
    }
    lines.push('  }');
  }
  for (const relation of erd.relationships) {
    const [a, b] = [names.get(relation.to.entity), names.get(relation.from.entity)];
    const toMany = relation.cardinality === 'many-to-many' || relation.cardinality === 'one-to-many';
    const fromMany = relation.cardinality === 'many-to-one' || relation.cardinality === 'many-to-many';
    const left = toMany ? (relation.optional ? '}o' : '}|') : relation.optional ? '|o' : '||';
    lines.push(
      `  ${a} ${left}${relation.status === 'candidate' ? '..' : '--'}${fromMany ? 'o{' : 'o|'} ${b} : "${toMermaidText(relation.from.columns.join(', '))}"`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** The diagram for dbdiagram.io and dbdocs. Candidates are comments: DBML has no word for a guess. */
export function toDbml(erd: Erd): string {
  const names = toNames(erd);
  const quote = toDbmlName;
  const blocks = erd.entities.map((entity) => {
    const lines = [`Table ${quote(names.get(entity.id) ?? entity.name)} {`];
    for (const column of entity.columns) {
      const notes = [
        isIn(entity, 'primary', column.name) ? 'pk' : isIn(entity, 'unique', column.name) ? 'unique' : '',
        column.notNull ? 'not null' : '',
        column.description === '' ? '' : `note: ${toDbmlText(column.description)}`,
      ].filter((note) => note !== '');
      lines.push(`  ${quote(column.name)} ${toDbmlType(column.type)}${notes.length > 0 ? ` [${notes.join(', ')}]` : ''}`);
    }
    const composite = entity.keys.filter((key) => key.columns.length > 1 && !key.broken);
    if (composite.length > 0) {
      lines.push('', '  indexes {');
      for (const key of composite) lines.push(`    (${key.columns.map(quote).join(', ')}) [${key.kind === 'primary' ? 'pk' : 'unique'}]`);
      lines.push('  }');
    }
    if (entity.description !== '') lines.push('', `  Note: ${toDbmlText(entity.description)}`);
    return [...lines, '}'].join('\n');
  });
  const refs = erd.relationships.map((relation) => {
    const end = (at: Relationship['from']): string =>
      `${quote(names.get(at.entity) ?? at.entity)}.${at.columns.length === 1 ? quote(at.columns[0] ?? '') : `(${at.columns.map(quote).join(', ')})`}`;
    const sign = { 'many-to-one': '>', 'one-to-one': '-', 'one-to-many': '<', 'many-to-many': '<>' }[relation.cardinality];
    const line = `Ref: ${end(relation.from)} ${sign} ${end(relation.to)}`;
    return relation.status === 'candidate' ? `// suggested by names only: ${line}` : line;
  });
  return `${[...blocks, refs.join('\n')].filter((block) => block !== '').join('\n\n')}\n`;
}

/** The diagram for D2, entities as SQL tables. */
export function toD2(erd: Erd): string {
  const names = toNames(erd);
  const quote = toD2Text;
  const lines: string[] = [];
  for (const entity of erd.entities) {
    lines.push(`${quote(names.get(entity.id) ?? entity.name)}: {`, '  shape: sql_table');
    for (const column of entity.columns) {
      const mark = isPrimary(entity, column.name)
        ? 'primary_key'
        : isReference(erd, entity, column.name)
          ? 'foreign_key'
          : isIn(entity, 'unique', column.name)
            ? 'unique'
            : '';
      lines.push(
        `  ${quote(column.name)}: ${quote(column.type === '' ? 'unknown' : column.type)}${mark === '' ? '' : ` {constraint: ${mark}}`}`,
      );
    }
    lines.push('}');
  }
  const arrow = { one: 'cf-one-required', 'zero-or-one': 'cf-one', many: 'cf-many-required', 'zero-or-many': 'cf-many' } as const;
  for (const relation of erd.relationships) {
    const end = (at: Relationship['from']): string => `${quote(names.get(at.entity) ?? at.entity)}.${quote(at.columns[0] ?? '')}`;
    const fromMany = relation.cardinality.startsWith('many');
    const toMany = relation.cardinality.endsWith('many');
    const source = arrow[fromMany ? 'zero-or-many' : 'zero-or-one'];
    const target = arrow[toMany ? (relation.optional ? 'zero-or-many' : 'many') : relation.optional ? 'zero-or-one' : 'one'];
    const dash = relation.status === 'candidate' ? '; style.stroke-dash: 4' : '';
    lines.push(
      `${end(relation.from)} <-> ${end(relation.to)}: {source-arrowhead.shape: ${source}; target-arrowhead.shape: ${target}${dash}}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** The diagram for PlantUML. */
export function toPlantUml(erd: Erd): string {
  const names = toNames(erd);
  const lines = ['@startuml', 'hide circle', 'skinparam linetype ortho'];
  for (const entity of erd.entities) {
    const keys = entity.columns.filter((column) => isPrimary(entity, column.name));
    const rest = entity.columns.filter((column) => !isPrimary(entity, column.name));
    const show = (column: Entity['columns'][number], marks: string): string =>
      `  ${column.notNull ? '*' : ''}${toPlantUmlText(column.name)} : ${toPlantUmlText(column.type === '' ? 'unknown' : column.type)}${marks}`;
    lines.push(`entity "${toPlantUmlText(entity.name)}" as ${names.get(entity.id)} {`);
    for (const column of keys) lines.push(show(column, ' <<PK>>'));
    if (keys.length > 0) lines.push('  --');
    for (const column of rest) lines.push(show(column, isReference(erd, entity, column.name) ? ' <<FK>>' : ''));
    lines.push('}');
  }
  for (const relation of erd.relationships) {
    const fromMany = relation.cardinality.startsWith('many');
    const toMany = relation.cardinality.endsWith('many');
    const left = fromMany ? '}o' : '|o';
    const right = toMany ? (relation.optional ? 'o{' : '|{') : relation.optional ? 'o|' : '||';
    lines.push(
      `${names.get(relation.from.entity)} ${left}${relation.status === 'candidate' ? '..' : '--'}${right} ${names.get(relation.to.entity)} : ${toPlantUmlText(relation.from.columns.join(', '))}`,
    );
  }
  return `${[...lines, '@enduml'].join('\n')}\n`;
}

/** CREATE TABLE statements with the keys and references that are declared or confirmed; candidates are comments. */
export function toDdl(erd: Erd): string {
  const names = toNames(erd);
  const quote = toDdlName;
  const nameOf = (id: string): string => quote(names.get(id) ?? id);
  const tables = erd.entities.map((entity) => {
    const lines = entity.columns.map((column) => `  ${quote(column.name)} ${toDdlType(column.type)}${column.notNull ? ' not null' : ''}`);
    for (const key of entity.keys)
      if (!key.broken) lines.push(`  ${key.kind === 'primary' ? 'primary key' : 'unique'} (${key.columns.map(quote).join(', ')})`);
    const about = entity.description === '' ? '' : `-- ${toDdlComment(entity.description)}\n`;
    return `${about}create table ${nameOf(entity.id)} (\n${lines.join(',\n')}\n);`;
  });
  // After all tables, so that their order does not matter.
  const references = erd.relationships.map((relation) => {
    const line = `alter table ${nameOf(relation.from.entity)} add foreign key (${relation.from.columns.map(quote).join(', ')}) references ${nameOf(relation.to.entity)} (${relation.to.columns.map(quote).join(', ')});`;
    return relation.status === 'candidate' ? `-- suggested by names only: ${line}` : line;
  });
  return `${[...tables, references.join('\n')].filter((block) => block !== '').join('\n\n')}\n`;
}
