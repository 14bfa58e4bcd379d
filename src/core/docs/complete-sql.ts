import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import { findFunction, functionNames } from '../sql/functions.ts';
import type { ColumnExpression, Query, TableRelation } from '../sql/ir.ts';
import { findModelQuery, parseSql } from '../sql/parse.ts';
import type { Scope } from '../sql/resolve/context.ts';
import { resolve } from '../sql/resolve.ts';
import { showType } from '../sql/types.ts';
import type { Span } from '../text/span.ts';
import type { Suggestion } from './completion.ts';
import { copiedRef, findDescription } from './describe-column.ts';
import { catalogOf, renderingAt } from './reading.ts';
import { partsAt } from './tree-path.ts';
import { typedWord } from './typed-word.ts';

const cursor = 'hw__cursor';

/** What may stand at an offset of SQL outside Jinja: the columns in sight, CTEs, relations and functions. */
export function completeSql(
  snapshot: Snapshot,
  path: string,
  text: string,
  offset: number,
): { readonly items: readonly Suggestion[]; readonly span: Span } | undefined {
  const span = typedWord(text, offset);
  const place = renderingAt(snapshot, path, span.start);
  if (place === undefined) return undefined;
  const { sql, at } = place;
  const typed = text.slice(span.start, span.end);
  // A name in place of what is being typed makes a half-typed query whole enough to be read.
  const rest = sql.slice(sql.startsWith(typed, at) ? at + typed.length : at);
  const whole = `${sql.slice(0, at)}${cursor} ${')'.repeat(openBrackets(sql))}${rest}`;
  const { dialect } = snapshot.project;
  const query = findModelQuery(parseSql(whole, dialect));
  if (query === undefined) return undefined;
  const around = partsAt(query, at + 1);
  const innermost = around.findLast((part) => part.kind === 'column' || part.kind === 'table');
  const resolution = resolve(query, catalogOf(snapshot), dialect, whole);
  if (innermost?.kind === 'table') {
    if ((innermost as TableRelation).alias?.name.text === cursor || (innermost as TableRelation).parts.length > 1) return undefined;
    return { items: [...ctesIn(around), ...relations(snapshot)], span };
  }
  if (innermost === undefined || (innermost as ColumnExpression).parts.at(-1)?.text !== cursor) return undefined;
  const select = around.findLast((part) => part.kind === 'select');
  const scope = [...resolution.scopes].find(([one]) => one === select)?.[1];
  const qualifier = (innermost as ColumnExpression).parts.at(-2)?.text.toLowerCase();
  const columns = scope === undefined ? [] : columnsIn(snapshot, scope, qualifier);
  return { items: qualifier === undefined ? [...columns, ...functions()] : columns, span };
}

/** How many brackets of a text are never closed. */
function openBrackets(sql: string): number {
  const bare = sql.replace(/--[^\n]*|'[^']*'/g, '');
  return Math.max(0, bare.split('(').length - bare.split(')').length);
}

function columnsIn(snapshot: Snapshot, scope: Scope, qualifier: string | undefined): readonly Suggestion[] {
  const items: Suggestion[] = [];
  const times = new Map<string, number>();
  for (const source of scope.sources)
    for (const column of source.columns.columns) times.set(column.name.toLowerCase(), (times.get(column.name.toLowerCase()) ?? 0) + 1);
  for (let at: Scope | undefined = scope, rank = 0; at !== undefined; at = at.parent, rank++)
    for (const source of at.sources) {
      if (qualifier !== undefined && source.name.toLowerCase() !== qualifier) continue;
      for (const column of source.columns.columns) {
        if (column.isStar || column.name === '' || column.name === cursor) continue;
        const type = showType(column.type, snapshot.project.dialect);
        const ref = copiedRef(snapshot, column);
        const description = ref === undefined ? undefined : findDescription(snapshot, ref)?.text;
        const folded = column.name.toLowerCase();
        const isAmbiguous = qualifier === undefined && (times.get(folded) ?? 0) > 1 && !at.merged.has(folded) && source.name !== '';
        const label = isAmbiguous ? `${source.name}.${column.name}` : column.name;
        if (items.some((item) => item.label === label)) continue;
        items.push({
          label,
          kind: 'column',
          detail: `${type === 'unknown' ? '' : `${type.toLowerCase()} · `}${source.name}`,
          rank,
          ...(description === undefined ? {} : { documentation: description }),
        });
      }
    }
  if (qualifier === undefined)
    for (const [alias, column] of scope.aliases)
      if (!items.some((item) => item.label.toLowerCase() === alias.toLowerCase()) && column.name !== cursor)
        items.push({ label: column.name, kind: 'column', detail: 'made in this SELECT', rank: 1 });
  if (qualifier === undefined)
    for (const source of scope.sources)
      if (source.name !== '')
        items.push({
          label: source.name,
          kind: 'cte',
          detail: `${source.columns.columns.length} columns`,
          insert: `${source.name}.`,
          rank: 2,
        });
  return items;
}

function ctesIn(around: readonly { readonly kind?: string }[]): readonly Suggestion[] {
  const items: Suggestion[] = [];
  for (const part of around) {
    if (part.kind !== 'query') continue;
    const { ctes } = part as Query;
    const inside = ctes.findIndex((cte) => around.includes(cte as never));
    for (const cte of inside === -1 ? ctes : ctes.slice(0, inside))
      items.push({ label: cte.name.text, kind: 'cte', detail: 'CTE', rank: 0 });
  }
  return items;
}

function relations(snapshot: Snapshot): readonly Suggestion[] {
  const isDbt = snapshot.project.kind === 'dbt';
  return [...snapshot.nodes.values()].flatMap((node): Suggestion[] => {
    if (!isRelation(node) || !node.enabled) return [];
    const isOwn = node.package === snapshot.project.name;
    const label = node.kind === 'source' ? `${node.sourceName}.${node.name}` : node.name;
    const call = node.kind === 'source' ? `source('${node.sourceName}', '${node.name}')` : `ref('${node.name}')`;
    return [
      {
        label,
        kind: node.kind === 'source' ? 'source' : 'relation',
        detail: isDbt ? `{{ ${call} }}` : node.kind,
        rank: isOwn ? 1 : 3,
        ...(isDbt ? { insert: `{{ ${call} }}` } : { insert: node.identifier }),
        ...(node.description === '' ? {} : { documentation: node.description }),
      },
    ];
  });
}

let known: readonly Suggestion[] | undefined;

function functions(): readonly Suggestion[] {
  known ??= [...functionNames()].map((name) => ({
    label: name,
    kind: 'function',
    detail: `${findFunction(name)?.role ?? ''} function`,
    rank: 5,
  }));
  return known;
}
