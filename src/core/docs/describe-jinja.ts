import { isMap, isSeq } from 'yaml';
import { findVar } from '../dbt/context-vars.ts';
import type { Macro } from '../dbt/macro-library.ts';
import type { DocsBlock, Snapshot } from '../snapshot.ts';
import { LineMap } from '../text/span.ts';
import { below, count, toCode, toCodeBlock, toLink, toName, toProse } from './markdown.ts';
import { readYamlTree } from './yaml-place.ts';

/** A macro's arguments with their defaults, as its header writes them. */
export function signatureOf(macro: Macro): { readonly label: string; readonly parameters: readonly string[] } {
  const header = macro.file.slice(macro.span.start, macro.span.start + 4_000);
  const open = header.indexOf('(');
  const close = open === -1 ? -1 : matching(header, open);
  const inside = close === -1 ? macro.arguments.join(', ') : header.slice(open + 1, close);
  const parameters = splitArguments(inside);
  const name = macro.kind === 'test' ? macro.name.replace(/^test_/, '') : macro.name;
  return { label: `${name}(${parameters.join(', ')})`, parameters };
}

function matching(text: string, open: number): number {
  let depth = 0;
  let quote = '';
  for (let at = open; at < text.length; at++) {
    const character = text[at] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === "'" || character === '"') quote = character;
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character) && --depth === 0) return at;
  }
  return -1;
}

/** The parts of a list of arguments between commas that no bracket or string holds. */
export function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let part = '';
  for (const character of text) {
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === "'" || character === '"') quote = character;
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    if (character === ',' && depth === 0 && quote === '') {
      parts.push(part);
      part = '';
    } else part += character;
  }
  parts.push(part);
  return parts.map((one) => one.replace(/\s+/g, ' ').trim()).filter((one) => one !== '');
}

/** What a properties file or a comment above a macro says of it. */
export function docsOfMacro(snapshot: Snapshot, macro: Macro): string {
  for (const path of snapshot.sources.below('', '.yml', '.yaml')) {
    const text = snapshot.sources.find(path)?.text;
    if (text === undefined || !text.includes('macros:') || !text.includes(macro.name)) continue;
    const macros: unknown = readYamlTree(text).get('macros');
    if (!isSeq(macros)) continue;
    const entry = macros.items.find((item) => isMap(item) && item.get('name') === macro.name);
    const description: unknown = isMap(entry) ? entry.get('description') : undefined;
    if (typeof description === 'string' && description.trim() !== '') return description;
  }
  const before = macro.file.slice(0, macro.span.start);
  return (/\{#-?\s*([^#]*?)\s*-?#\}\s*$/.exec(before)?.[1] ?? '').trim();
}

/** A macro or generic test: its signature, what is said of it, and its text below. */
export function describeMacro(snapshot: Snapshot, macro: Macro): string {
  const { label } = signatureOf(macro);
  const line = new LineMap(macro.file).position(macro.span.start).line;
  const where = macro.package === 'dbt' ? "dbt's own" : toLink(macro.path.split('/').pop() ?? macro.path, macro.path, line);
  const kind = macro.kind === 'test' ? 'generic test' : macro.kind;
  const lines = [
    `${toCode(label, 140)} · ${kind} · ${where}${macro.package === snapshot.project.name || macro.package === 'dbt' ? '' : ` · package ${toCode(macro.package)}`}`,
  ];
  const docs = docsOfMacro(snapshot, macro);
  if (docs !== '') lines.push(toProse(docs));
  const body = macro.file.slice(macro.span.start, macro.span.end).trim();
  const rows = body.split('\n');
  lines.push(below(count(rows.length, 'line'), toCodeBlock('jinja', `${rows.slice(0, 25).join('\n')}${rows.length > 25 ? '\n…' : ''}`)));
  return lines.join('\n\n');
}

/** A var: the value that a package's files see, and where it was set. */
export function describeVar(snapshot: Snapshot, name: string, from: string): string {
  const vars = snapshot.environment?.vars;
  const value = vars === undefined ? undefined : findVar(vars, name, from);
  if (vars === undefined || value === undefined) return `**${toName(name)}** · var · not set anywhere, so its default is used`;
  const text =
    typeof value === 'bigint'
      ? String(value)
      : JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner));
  const place = placeOfVar(snapshot, name);
  const where = Object.hasOwn(vars.invocation, name)
    ? 'set by the settings or the command line'
    : place === undefined
      ? 'set in dbt_project.yml'
      : `set in ${toLink(place.path.split('/').pop() ?? '', place.path, place.line)}`;
  return `**${toName(name)}** = ${toCode(text, 200)} · var · ${where}`;
}

/** Where a var is written in the dbt_project.yml of the project or of a package. */
export function placeOfVar(
  snapshot: Snapshot,
  name: string,
): { readonly path: string; readonly line: number; readonly offset: number } | undefined {
  for (const { root } of snapshot.project.packages)
    for (const file of ['dbt_project.yml', 'dbt_project.yaml']) {
      const path = root === '' ? file : `${root}/${file}`;
      const text = snapshot.sources.find(path)?.text;
      const vars = text === undefined ? undefined : /^vars:.*$/m.exec(text);
      if (text === undefined || vars === null || vars === undefined) continue;
      const end = /^\S/m.exec(text.slice(vars.index + vars[0].length))?.index ?? text.length;
      const found = new RegExp(`^\\s+(["']?)${name.replace(/[^\w]/g, '\\$&')}\\1\\s*:`, 'm').exec(
        text.slice(vars.index, vars.index + vars[0].length + end),
      );
      if (found === null) continue;
      const offset = vars.index + found.index + found[0].indexOf(name);
      return { path, line: new LineMap(text).position(offset).line, offset };
    }
  return undefined;
}

/** A docs block: its text. */
export function describeDocs(block: DocsBlock): string {
  return `**${toName(block.name)}** · docs block · ${toLink(block.path.split('/').pop() ?? block.path, block.path, block.line)}\n\n${toProse(block.text)}`;
}

/** What a Jinja expression prints. */
export function describeRendered(source: string, results: readonly string[]): string {
  const [first = ''] = results;
  const text = first.trim();
  const more = results.length > 1 ? ` (the first of ${results.length} times)` : '';
  if (!text.includes('\n') && text.length < 100)
    return `${toCode(source, 60)} renders to ${text === '' ? 'nothing' : toCode(text, 110)}${more}`;
  const lines = text.split('\n');
  return `${toCode(source, 60)} renders to ${count(lines.length, 'line')}${more}\n\n${toCodeBlock('sql', `${lines.slice(0, 25).join('\n')}${lines.length > 25 ? '\n…' : ''}`)}`;
}
