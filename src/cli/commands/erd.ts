import { toD2, toDbml, toDdl, toErdMermaid, toPlantUml } from '../../core/docs/erd-text.ts';
import { toSvg } from '../../core/docs/picture-svg.ts';
import { buildErd } from '../../core/erd/build.ts';
import type { Erd, Key, Relationship } from '../../core/erd/erd.ts';
import { buildErdPicture } from '../../core/erd/erd-picture.ts';
import { toErdSource } from '../../core/erd/from-snapshot.ts';
import { measureErd } from '../../core/erd/measure.ts';
import { measurePreview } from '../../core/erd/measure-preview.ts';
import { toErdView } from '../../core/erd/view.ts';
import { findNearest } from '../../core/text/nearest.ts';
import type { Command } from '../command.ts';
import { exitCodes, UsageError } from '../command.ts';
import { timeoutOption } from '../engine.ts';
import { openProject } from '../project.ts';
import { openSession } from '../session.ts';

const writers: Readonly<Record<string, (erd: Erd) => string>> = {
  json: (erd) => `${JSON.stringify(toAnswer(erd))}\n`,
  mermaid: toErdMermaid,
  dbml: toDbml,
  d2: toD2,
  plantuml: toPlantUml,
  ddl: toDdl,
  svg: (erd) => toSvg(buildErdPicture(erd, { ...toErdView(), detail: 'all' })),
};

export const erdCommand: Command = {
  name: 'erd',
  summary: 'Print the entities of a project, their keys and relations, each with its evidence.',
  usage: 'headwater erd [--format json|mermaid|dbml|d2|plantuml|ddl|svg]',
  options: [timeoutOption, { name: 'format', value: 'FORMAT', summary: `${Object.keys(writers).join(', ')} (default: json)` }],
  async run(invocation) {
    const format = invocation.option('format') ?? 'json';
    const write = writers[format];
    if (write === undefined) {
      const near = findNearest(format, Object.keys(writers));
      throw new UsageError(`There is no format '${format}'.${near === undefined ? '' : ` Did you mean '${near}'?`}`);
    }
    const opened = await openProject(invocation);
    const measure = measurePreview(opened.snapshot, await openSession(opened));
    invocation.print(write(await measureErd(buildErd(toErdSource(opened.snapshot)), measure)));
    return exitCodes.fine;
  },
};

/** Relations that only names suggest stand apart, so that nobody takes a guess for a fact. */
function toAnswer(erd: Erd): object {
  return {
    version: 1,
    entities: erd.entities.map(({ id, name, kind, columns, keys }) => ({
      id,
      name,
      kind,
      columns: columns.map((column) => ({ name: column.name, type: column.type, nullable: !column.notNull })),
      keys: keys.map(toKey),
    })),
    relationships: erd.relationships.filter((relation) => relation.status !== 'candidate').map(toRelation),
    candidates: erd.relationships.filter((relation) => relation.status === 'candidate').map(toRelation),
  };
}

/** A key with how we know it: the project declares it, its rows were counted, or only a name suggests it. */
function toKey({ columns, kind, because, broken }: Key): object {
  const known = because.some((one) => ['test', 'constraint', 'dictionary'].includes(one.kind));
  return {
    columns,
    kind: known ? 'declared' : because.some((one) => one.kind === 'measured') ? 'measured' : 'named',
    ...(kind === 'primary' ? { primary: true } : {}),
    ...(broken ? { broken } : {}),
    because,
  };
}

function toRelation({ from, to, cardinality, optional, status, measured, because }: Relationship): object {
  return { from, to, cardinality, optional, status, measured: measured ?? null, because };
}
