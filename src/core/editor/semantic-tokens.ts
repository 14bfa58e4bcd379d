import { findTag } from '../docs/jinja-meaning.ts';
import { nodesInFile, readSql, toVerbatim } from '../docs/reading.ts';
import { findSqlMeaning } from '../docs/sql-meaning.ts';
import { visitTree } from '../docs/tree-path.ts';
import type { Snapshot } from '../snapshot.ts';
import type { CallExpression, ColumnExpression, Cte, ExpressionItem, JoinRelation, Name, StarItem, TableRelation } from '../sql/ir.ts';
import type { Position, Span } from '../text/span.ts';
import { LineMap } from '../text/span.ts';

/** What names in SQL and Jinja may be, in the order in which the editor numbers them. */
export const tokenKinds = ['cte', 'table', 'alias', 'column', 'function', 'macro', 'relation', 'var', 'keyword'] as const;

export type TokenKind = (typeof tokenKinds)[number];

/** A name on one line, and what it is. */
export interface SemanticToken {
  readonly start: Position;
  readonly length: number;
  readonly kind: TokenKind;
  /** Whether the name is given here. */
  readonly isDeclaration: boolean;
}

interface Found extends Span {
  readonly kind: TokenKind;
  readonly isDeclaration: boolean;
}

/** What every name of a SQL file is, in the order of the text; names that Jinja makes have no place and are left out. */
export function findSemanticTokens(snapshot: Snapshot, path: string): readonly SemanticToken[] {
  const text = snapshot.sources.find(path)?.text;
  if (text === undefined || !/\.sql$/i.test(path)) return [];
  const found = new Map<number, Found>();
  for (const node of nodesInFile(snapshot, path))
    for (const incremental of [false, true]) inSql(snapshot, path, node.id, incremental, found);
  for (const token of inJinja(snapshot, text)) found.set(token.start, token);
  const lines = new LineMap(text);
  const tokens: SemanticToken[] = [];
  let end = 0;
  for (const one of [...found.values()].sort((a, b) => a.start - b.start)) {
    if (one.start < end || one.end <= one.start || text.slice(one.start, one.end).includes('\n')) continue;
    end = one.end;
    tokens.push({ start: lines.position(one.start), length: one.end - one.start, kind: one.kind, isDeclaration: one.isDeclaration });
  }
  return tokens;
}

function inSql(snapshot: Snapshot, path: string, id: Parameters<typeof readSql>[1], incremental: boolean, found: Map<number, Found>): void {
  const reading = readSql(snapshot, id, incremental);
  if (reading === undefined || reading.text.path !== path) return;
  const add = (span: Span, kind: TokenKind, isDeclaration = false): void => {
    const place = toVerbatim(reading, span);
    if (place !== undefined && !found.has(place.start)) found.set(place.start, { ...place, kind, isDeclaration });
  };
  const addAll = (names: readonly Name[], kind: TokenKind): void => {
    for (const name of names) add(name.span, kind);
  };
  for (const cte of reading.resolution.ctes.keys()) addCte(cte, add);
  visitTree(reading.query, (part) => {
    switch (part.kind) {
      case 'column': {
        const expression = part as ColumnExpression;
        const reference = reading.resolution.references.get(expression);
        const at = Math.max(0, expression.parts.length - 1 - (reference?.path.length ?? 0));
        addAll(expression.parts.slice(0, at), 'alias');
        if (reference?.kind === 'row') addAll(expression.parts.slice(at), 'alias');
        else addAll(expression.parts.slice(at), 'column');
        break;
      }
      case 'item': {
        const { alias } = part as ExpressionItem;
        if (alias !== undefined) add(alias.span, 'column', true);
        break;
      }
      case 'star': {
        const star = part as StarItem;
        addAll(star.qualifier, 'alias');
        addAll(star.except, 'column');
        addAll(
          star.rename.map((one) => one.from),
          'column',
        );
        break;
      }
      case 'table': {
        const table = part as TableRelation;
        const [first] = table.parts;
        const meaning =
          table.parts.length === 1 && first !== undefined ? findSqlMeaning(snapshot, { reading, offset: first.span.start + 1 }) : undefined;
        addAll(table.parts, meaning?.kind === 'cte' ? 'cte' : 'table');
        break;
      }
      case 'join':
        addAll((part as JoinRelation).using, 'column');
        break;
      case 'call': {
        const call = part as CallExpression;
        const span = { start: call.span.start, end: call.span.start + call.name.length };
        if (reading.sql.slice(span.start, span.end).toLowerCase() === call.name) add(span, 'function');
        break;
      }
      default:
    }
    const { alias } = part as Partial<TableRelation>;
    if (alias?.name !== undefined && part.kind !== 'item') add(alias.name.span, 'alias', true);
  });
}

function addCte(cte: Cte, add: (span: Span, kind: TokenKind, isDeclaration?: boolean) => void): void {
  add(cte.name.span, 'cte', true);
  for (const column of cte.columns) add(column.span, 'column', true);
}

const words = /'[^'\n]*'|"[^"\n]*"|[A-Za-z_][\w.]*/g;
const keywords = new Set(
  'if elif else endif for in endfor set endset macro endmacro call endcall do filter endfilter test endtest snapshot endsnapshot materialization endmaterialization not and or is raw endraw docs enddocs'.split(
    ' ',
  ),
);
const dbtWords = new Set(
  'ref source var config this target is_incremental env_var adapter run_query execute doc return log exceptions graph load_result statement builtins'.split(
    ' ',
  ),
);

/** Macros, the relations that `ref` and `source` name, vars, and the words of Jinja itself. */
function inJinja(snapshot: Snapshot, text: string): readonly Found[] {
  const found: Found[] = [];
  const macros = new Set(snapshot.macros.flatMap((macro) => [macro.name, `${macro.package}.${macro.name}`]));
  for (let at = text.search(/\{[{%]/); at !== -1; ) {
    const tag = findTag(text, at);
    if (tag === undefined) {
      at = nextTag(text, at + 2);
      continue;
    }
    let call = '';
    for (const match of tag.text.matchAll(words)) {
      const [word] = match;
      const start = tag.start + match.index;
      const isString = /^['"]/.test(word);
      const span = isString ? { start: start + 1, end: start + word.length - 1 } : { start, end: start + word.length };
      const rest = tag.text.slice(match.index + word.length);
      const isCalled = /^\s*\(/.test(rest);
      const add = (kind: TokenKind, isDeclaration = false): void => {
        found.push({ ...span, kind, isDeclaration });
      };
      if (isString) {
        if (call === 'ref' || call === 'source') add('relation');
        else if (call === 'var') {
          add('var');
          // Its default is a value like any other.
          call = '';
        }
        continue;
      }
      if (/^\s*=[^=]/.test(rest)) call = '';
      if (keywords.has(word)) add('keyword');
      else if (macros.has(word)) add('macro', /^\{%[-+]?\s*(macro|test)\s+$/.test(tag.text.slice(0, match.index)));
      else if (isCalled || dbtWords.has(word)) add(dbtWords.has(word) || isCalled ? 'macro' : 'var');
      if (isCalled) call = word.replace(/^builtins\./, '');
    }
    at = nextTag(text, tag.end);
  }
  return found;
}

function nextTag(text: string, from: number): number {
  const at = text.slice(from).search(/\{[{%]/);
  return at === -1 ? -1 : from + at;
}
