import type { ProjectNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Span } from '../text/span.ts';
import type { Suggestion } from './completion.ts';
import { docsOfMacro, signatureOf } from './describe-jinja.ts';
import type { ArgumentPlace } from './jinja-meaning.ts';
import { findStringArgument, packageOf } from './jinja-meaning.ts';
import { nodesInFile } from './reading.ts';
import { typedWord } from './typed-word.ts';

/** What may stand at an offset inside `{{ … }}` or `{% … %}`. */
export function completeJinja(
  snapshot: Snapshot,
  path: string,
  text: string,
  offset: number,
  tag: Span,
): { readonly items: readonly Suggestion[]; readonly span: Span } | undefined {
  const from = packageOf(snapshot, path);
  const argument = findStringArgument(text, offset, tag.start);
  if (argument !== undefined) return { items: completeArgument(snapshot, argument, from, path), span: argument.span };
  const before = text.slice(tag.start, offset);
  // Inside a string that is no argument nothing is a name.
  if ((before.split("'").length - 1) % 2 === 1) return undefined;
  const span = typedWord(text, offset);
  const called = findCall(text.slice(tag.start, span.start));
  const macro = called === undefined ? undefined : snapshot.environment?.macros.find(called.name, from);
  const items: Suggestion[] = [];
  if (macro !== undefined)
    for (const parameter of signatureOf(macro).parameters) {
      const name = parameter.split('=')[0]?.trim() ?? '';
      items.push({ label: `${name}=`, kind: 'parameter', detail: parameter, rank: 0 });
    }
  const qualifier = /(\w+)\.$/.exec(text.slice(tag.start, span.start))?.[1];
  for (const one of snapshot.macros) {
    if (one.kind !== 'macro' || one.name.includes('__') || (qualifier !== undefined && one.package !== qualifier)) continue;
    const isOwn = one.package === from || qualifier !== undefined;
    const label = isOwn ? one.name : `${one.package}.${one.name}`;
    const documentation = one.package === snapshot.project.name ? docsOfMacro(snapshot, one) : '';
    items.push({
      label,
      kind: 'macro',
      detail: signatureOf(one).label,
      rank: isOwn ? 2 : 4,
      ...(documentation === '' ? {} : { documentation }),
    });
  }
  if (qualifier === undefined) for (const [label, detail] of contextWords) items.push({ label, kind: 'function', detail, rank: 1 });
  return { items, span };
}

const contextWords = [
  ['ref', "ref('model')"],
  ['source', "source('source', 'table')"],
  ['var', "var('name', default)"],
  ['config', 'config(materialized=…)'],
  ['this', 'the relation of this model'],
  ['target', 'the target: name, schema, type'],
  ['is_incremental', 'is_incremental()'],
  ['env_var', "env_var('NAME', default)"],
  ['adapter', 'adapter.…'],
  ['run_query', 'run_query(sql)'],
  ['execute', 'whether queries run'],
  ['doc', "doc('block')"],
] as const;

/** What the string arguments of `ref`, `source`, `var` and `doc` may be. */
export function completeArgument(
  snapshot: Snapshot,
  { callee, index, all }: ArgumentPlace,
  from: string,
  path: string,
): readonly Suggestion[] {
  const items = new Map<string, Suggestion>();
  const add = (suggestion: Suggestion): void => {
    if (!items.has(suggestion.label)) items.set(suggestion.label, suggestion);
  };
  const name = callee.replace(/^builtins\./, '');
  const readers = name === 'ref' && /\.(sql|py)$/i.test(path) ? nodesInFile(snapshot, path) : [];
  const below = new Set(readers.flatMap((reader) => [...snapshot.graph.descendants(reader.id)]));
  for (const node of snapshot.nodes.values()) {
    if (!node.enabled || !isRelation(node)) continue;
    const documentation = node.description === '' ? {} : { documentation: node.description };
    const many = snapshot.columns.get(node.id)?.length ?? 0;
    if (name === 'ref' && node.kind !== 'source' && (index === 0 || node.package === all[0]) && mayRead(node, readers, from))
      add({
        label: node.name,
        kind: 'relation',
        detail: `${node.kind === 'model' ? `${node.materialized} model` : node.kind} · ${many} columns${node.package === from ? '' : ` · ${node.package}`}${below.has(node.id) ? ' · reads this model' : ''}`,
        rank: below.has(node.id) ? 2 : node.package === from ? 0 : 1,
        ...documentation,
      });
    if (name === 'source' && node.kind === 'source') {
      if (index === 0)
        add({
          label: node.sourceName,
          kind: 'source',
          detail: node.schema,
          rank: 0,
          ...(node.sourceDescription === '' ? {} : { documentation: node.sourceDescription }),
        });
      else if (node.sourceName === all[0]) add({ label: node.name, kind: 'source', detail: `${many} columns`, rank: 0, ...documentation });
    }
  }
  if (name === 'var' && index === 0 && snapshot.environment !== undefined) {
    const { vars } = snapshot.environment;
    const scopes = [vars.invocation, vars.root, vars.packages.get(from) ?? {}];
    for (const scope of scopes)
      for (const [key, value] of Object.entries(scope))
        if (typeof value !== 'object' || value === null || Array.isArray(value))
          add({ label: key, kind: 'var', detail: String(value), rank: 0 });
  }
  if (name === 'doc' && index === all.length - 1)
    for (const block of snapshot.docs) add({ label: block.name, kind: 'docs', detail: block.path, documentation: block.text, rank: 0 });
  return [...items.values()];
}

/** Whether dbt lets the nodes of a file read a relation: never itself, and what is private or protected only from where it allows. */
function mayRead(node: ProjectNode, readers: readonly ProjectNode[], from: string): boolean {
  if (readers.some((reader) => reader.id === node.id)) return false;
  if (node.kind !== 'model') return true;
  if (node.access === 'private')
    return readers.length === 0 ? node.package === from : readers.every((reader) => reader.group === node.group);
  return true;
}

/** The call whose arguments a text ends in, and how many commas stand before. */
export function findCall(before: string): { readonly name: string; readonly argument: number; readonly start: number } | undefined {
  let depth = 0;
  let commas = 0;
  let quote = '';
  for (let at = before.length - 1; at >= 0; at--) {
    const character = before[at] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === "'" || character === '"') quote = character;
    else if (')]}'.includes(character)) depth++;
    else if ('([{'.includes(character)) {
      if (depth === 0) {
        const name = character === '(' ? /([A-Za-z_][\w.]*)\s*$/.exec(before.slice(0, at)) : null;
        return name === null ? undefined : { name: name[1] ?? '', argument: commas, start: name.index };
      }
      depth--;
    } else if (character === ',' && depth === 0) commas++;
  }
  return undefined;
}
