import type { PlainRecord, RelationName, RenderSubject } from '../dbt/environment.ts';
import type { Rendering } from '../dbt/render.ts';
import type { NodeText, Sketch } from '../snapshot.ts';
import type { Compiled } from './compiled-texts.ts';
import type { Parsed } from './dbt-project.ts';
import type { ColumnsOf, NodeRenderer } from './dbt-render.ts';
import type { ProjectNode } from './node.ts';
import { isMap } from './yaml.ts';

/** The relation that a node is in the database; an ephemeral model is the common table expression that stands for it. */
export function toRelationName(
  node: Extract<ProjectNode, { kind: 'model' | 'seed' | 'snapshot' | 'source' }>,
  quoting: RelationName['quoting'] = {},
): RelationName {
  if (node.kind === 'model' && node.materialized === 'ephemeral')
    return { identifier: node.identifier, rendered: `__dbt__cte__${node.identifier}`, type: 'cte' };
  // The project's quoting is about what dbt builds: sources have their own.
  const usual = node.kind === 'source' ? {} : quoting;
  return {
    ...(node.database === '' ? {} : { database: node.database }),
    schema: node.schema,
    identifier: node.identifier,
    ...(isMap(node.config.quoting) || Object.keys(usual).length > 0
      ? { quoting: { ...usual, ...(isMap(node.config.quoting) ? toQuoting(node.config.quoting) : {}) } }
      : {}),
  };
}

/** Which parts of a relation's name are quoted, as far as a `quoting:` says. */
export function toQuoting(map: Readonly<Record<string, unknown>>): NonNullable<RelationName['quoting']> {
  return Object.fromEntries(
    ['database', 'schema', 'identifier'].flatMap((part) => (typeof map[part] === 'boolean' ? [[part, map[part]]] : [])),
  );
}

/** Renders one node as dbt would run it, in both branches where it is incremental. */
export function compileParsed(renderer: NodeRenderer, one: Parsed): Compiled {
  const { node } = one;
  const common = { path: one.file.path, source: one.text, offset: one.file.span?.start ?? 0 };
  if (!node.enabled || (node.kind === 'model' && node.language === 'python'))
    return { text: { ...common, rendering: one.rendering }, problems: [] };
  const subject = toSubject(renderer, one);
  const rendering = renderer.render(subject, 'compile');
  const incremental = /\bis_incremental\b/.test(one.text) ? renderer.render({ ...subject, incremental: true }, 'compile') : undefined;
  // Names that mean nothing were told when the nodes were linked, and errors of the first phase when it ran.
  const problems = one.rendering.status === 'failed' ? [] : rendering.problems.filter((problem) => !/^(ref|source)-/.test(problem.code));
  return { text: { ...common, rendering, ...(incremental === undefined ? {} : { incremental }) }, problems };
}

/** The texts of a node to their ends, with questions about columns answered; none where they do not ask, or where that goes wrong. */
export function sketchParsed(
  renderer: NodeRenderer,
  one: Parsed,
  text: NodeText,
  columnsOf: ColumnsOf,
  isTold: boolean,
): Sketch | undefined {
  const subject = toSubject(renderer, one);
  const sketch = (asked: Rendering | undefined, of: RenderSubject): Rendering | undefined => {
    if (asked?.status !== 'needs-data') return undefined;
    const made = renderer.sketch(of, columnsOf, isTold);
    return made.status === 'failed' ? undefined : made;
  };
  const rendering = sketch(text.rendering, subject);
  const incremental = sketch(text.incremental, { ...subject, incremental: true });
  if (rendering === undefined && incremental === undefined) return undefined;
  return { ...(rendering === undefined ? {} : { rendering }), ...(incremental === undefined ? {} : { incremental }) };
}

function toSubject(renderer: NodeRenderer, one: Parsed): RenderSubject {
  const { node, file } = one;
  // dbt strips a file that is one node; a block in a file keeps its edges.
  const stripped = file.span === undefined ? one.text.trim() : one.text;
  const start = (file.span?.start ?? 0) + one.text.indexOf(stripped);
  return {
    id: node.id,
    name: node.name,
    package: node.package,
    path: file.path,
    text: stripped,
    ...(start === 0 ? {} : { offset: start, file: one.fileText }),
    resourceType: one.kind,
    relation:
      node.kind === 'model' || node.kind === 'snapshot'
        ? toRelationName(node, renderer.quoting)
        : { schema: renderer.environment.target.schema, identifier: node.name },
    config: node.config as PlainRecord,
  };
}
