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

/** Tables with their keys and references, in an order in which PostgreSQL and SQLite both take them: what is referred to comes first. */
export function toDdl(erd: Erd): string {
  const names = toNames(erd);
  const quote = toDdlName;
  const nameOf = (id: string): string => quote(names.get(id) ?? id);
  const list = (columns: readonly string[]): string => columns.map(quote).join(', ');
  const made = new Set<string>();
  const later: string[] = [];
  const toTable = (entity: Entity): string => {
    made.add(entity.id);
    const lines = entity.columns.map((column) => `  ${quote(column.name)} ${toDdlType(column.type)}${column.notNull ? ' not null' : ''}`);
    for (const key of entity.keys)
      if (!key.broken) lines.push(`  ${key.kind === 'primary' ? 'primary key' : 'unique'} (${list(key.columns)})`);
    for (const { from, to, status } of erd.relationships) {
      if (from.entity !== entity.id) continue;
      const reference = `foreign key (${list(from.columns)}) references ${nameOf(to.entity)} (${list(to.columns)})`;
      // Databases only take references to what they know to be unique.
      const why =
        status === 'candidate'
          ? 'suggested by names only'
          : !hasKey(erd, to)
            ? 'not a key there'
            : made.has(to.entity)
              ? ''
              : 'in a circle';
      if (why === '') lines.push(`  ${reference}`);
      else later.push(`-- ${why}: ${nameOf(entity.id)} ${reference}`);
    }
    const about = entity.description === '' ? '' : `-- ${toDdlComment(entity.description)}\n`;
    return `${about}create table ${nameOf(entity.id)} (\n${lines.join(',\n')}\n);`;
  };
  const tables = inOrderOfReferences(erd).map(toTable);
  return `${[...tables, later.join('\n')].filter((block) => block !== '').join('\n\n')}\n`;
}

function hasKey(erd: Erd, { entity: id, columns }: Relationship['to']): boolean {
  const wanted = columns.map((column) => column.toLowerCase()).sort();
  const keys = erd.entities.find((entity) => entity.id === id)?.keys.filter((key) => key.broken !== true) ?? [];
  return keys.some((key) => {
    const own = key.columns.map((column) => column.toLowerCase()).sort();
    return own.length === wanted.length && own.every((column, at) => column === wanted[at]);
  });
}

/** The entities, those that others refer to before them; a circle is broken where it is entered. */
function inOrderOfReferences({ entities, relationships }: Erd): readonly Entity[] {
  const byId = new Map(entities.map((entity) => [entity.id, entity]));
  const targets = new Map<string, string[]>();
  for (const { from, to, status } of relationships)
    if (status !== 'candidate') targets.set(from.entity, [...(targets.get(from.entity) ?? []), to.entity]);
  const done = new Set<string>();
  const ordered: Entity[] = [];
  for (const { id: first } of entities) {
    if (done.has(first)) continue;
    done.add(first);
    const open = [{ id: first, next: 0 }];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const target = targets.get(top.id)?.[top.next++];
      if (target === undefined) {
        const entity = byId.get(top.id);
        if (entity !== undefined) ordered.push(entity);
        open.pop();
      } else if (!done.has(target) && byId.has(target)) {
        done.add(target);
        open.push({ id: target, next: 0 });
      }
    }
  }
  return ordered;
}
