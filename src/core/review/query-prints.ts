import { hasAggregate } from '../keys/terms.ts';
import type { Expression, Grouping, Query, QueryBody, Relation, Select, SelectItem, SetOperation, Window } from '../sql/ir.ts';
import { conditionsIn, type Names, printExpression, printKeys } from './expression-prints.ts';
import { combine, type Leaf, type Rows, withFilter } from './joined-prints.ts';
import type { ColumnPrint, Prints, RelationPrint } from './prints.ts';

/** A text whose meaning is wanted. */
export interface TextToPrint {
  readonly query: Query;
  readonly sql: string;
  /** What a table that is none of the text's own means, by its parts. */
  table(parts: readonly string[]): RelationPrint;
}

type Ctes = { readonly name: string; readonly print: RelationPrint; readonly parent: Ctes } | undefined;

/** Where the names of an expression are looked up: the relations of the SELECT, then those around it. */
interface Scope {
  readonly leaves: readonly Leaf[];
  readonly around: Scope | undefined;
  readonly ctes: Ctes;
}

const mostDepth = 80;

/** The rows and columns that a text gives. Throws a RangeError where there is too much of it. */
export function printText(text: TextToPrint, prints: Prints): RelationPrint {
  return new TextPrinter(text, prints).query(text.query, undefined, undefined);
}

class TextPrinter {
  #depth = 0;

  constructor(
    private readonly text: TextToPrint,
    private readonly prints: Prints,
  ) {}

  query(query: Query, around: Scope | undefined, outer: Ctes): RelationPrint {
    if (++this.#depth > mostDepth) throw new RangeError('nested too deeply');
    let ctes = outer;
    for (const cte of query.ctes) {
      const isSelf = cte.recursive === true || query.recursive;
      const name = cte.name.text.toLowerCase();
      const self = this.#open(this.prints.of('itself', [String(this.#depth)]));
      const read = renamed(
        this.query(cte.query, around, isSelf ? { name, print: self, parent: ctes } : ctes),
        cte.columns.map((one) => one.text),
      );
      const marks =
        cte.marks === undefined ? read : this.#open(this.prints.of('marks', [read.rows, JSON.stringify(cte.marks, withoutSpan)]));
      ctes = { name, print: marks, parent: ctes };
    }
    const made = this.#limited(query, this.#body(query.body, around, ctes), around, ctes);
    this.#depth--;
    return made;
  }

  /** Only a LIMIT makes an order matter. */
  #limited(query: Query, print: RelationPrint, around: Scope | undefined, ctes: Ctes): RelationPrint {
    if (query.limit === undefined && query.offset === undefined) return print;
    const names = this.#names({ leaves: [{ alias: '', print, tag: undefined }], around, ctes }, print.rows, undefined, []);
    const limits = [query.limit, query.offset].map((one) => (one === undefined ? '' : printExpression(one, names)));
    const text = query.limit === undefined ? 'offset' : `limit ${this.#textOf(query.limit)}`;
    return { ...print, rows: this.prints.of('limit', [print.rows, ...limits, ...printKeys(query.orderBy, names)], text) };
  }

  #body(body: QueryBody, around: Scope | undefined, ctes: Ctes): RelationPrint {
    switch (body.kind) {
      case 'select':
        return this.#select(body, around, ctes);
      case 'set':
        return this.#set(body, around, ctes);
      case 'nested':
        return this.query(body.query, around, ctes);
      case 'values': {
        const names = this.#names({ leaves: [], around, ctes }, '', undefined, []);
        const rows = body.rows.map((row) =>
          this.prints.of(
            'row',
            row.map((one) => printExpression(one, names)),
          ),
        );
        const print = this.prints.ofBag('values', rows, this.#textOf(body));
        return {
          rows: print,
          isOpen: false,
          columns: (body.rows[0] ?? []).map((_, at) => ({ name: `column${at + 1}`, print: this.prints.of('value', [print, String(at)]) })),
        };
      }
      case 'opaque-query':
        return this.#open(this.prints.of('opaque', [body.text.replace(/\s+/g, ' ')], body.text));
    }
  }

  #select(select: Select, around: Scope | undefined, ctes: Ctes): RelationPrint {
    const { prints } = this;
    const leaves: Leaf[] = [];
    const trees = select.from.map((relation) => this.#from(relation, around, ctes, leaves));
    const [first, ...rest] = trees;
    const joined = rest.reduce<Rows | undefined>((left, right) => left && { kind: 'join', type: 'inner', left, right, on: [] }, first);
    const conditions = conditionsIn(select.where);
    const whole = joined && withFilter(joined, conditions);
    const conjunctOf = (leaf: readonly Leaf[]) => (expression: Expression) =>
      printExpression(expression, this.#names({ leaves: leaf, around, ctes }, '', select.windows, []));
    const from =
      whole === undefined
        ? { rows: prints.of('one row', []), leaves }
        : combine(whole, leaves, prints, conjunctOf, (one) => this.#textOf(one));
    const scope: Scope = { leaves: from.leaves, around, ctes };
    let { rows } = from;
    const before = this.#names(scope, rows, select.windows, select.items);
    if (select.connectBy !== undefined) rows = prints.of('connect', [rows, JSON.stringify(select.connectBy, withoutSpan)]);
    const keys = this.#groups(select, before);
    const names = this.#names(scope, rows, select.windows, select.items);
    const columns = select.items.flatMap((item, at) => this.#item(item, at, scope, names));
    const isGrouped = keys !== undefined || hasAggregates(select);
    if (isGrouped)
      rows = prints.ofSet('group', [`of ${rows}`, ...(keys ?? [])], select.groupBy.map((one) => this.#groupText(one)).join(', '));
    const filter = (expression: Expression | undefined, kind: string): void => {
      const all = conditionsIn(expression).map((one) => printExpression(one, names));
      if (all.length > 0) rows = prints.ofSet(kind, [`of ${rows}`, ...all], '');
    };
    filter(select.having, 'filter');
    filter(select.qualify, 'filter');
    const given = columns.flat();
    if (select.distinct === true) rows = prints.ofSet('distinct', [`of ${rows}`, ...given.map(({ print }) => print)], 'distinct');
    else if (Array.isArray(select.distinct))
      rows = prints.of('distinct on', [rows, ...select.distinct.map((one) => printExpression(one, names))], 'distinct on');
    if (select.as !== undefined) rows = prints.of(`as ${select.as}`, [rows]);
    return {
      rows,
      columns: given,
      isOpen: select.items.some((item) => item.kind === 'star') && from.leaves.some(({ print }) => print.isOpen),
    };
  }

  #set(body: SetOperation, around: Scope | undefined, ctes: Ctes): RelationPrint {
    const { prints } = this;
    const [left, right] = [this.query(body.left, around, ctes), this.query(body.right, around, ctes)];
    const branches = [left, right].map((side) => prints.of('branch', [side.rows, ...side.columns.map(({ print }) => print)]));
    const kind = `${body.operator} ${body.all} ${body.byName} ${body.side ?? ''}`;
    const rows =
      body.operator === 'except'
        ? prints.of(kind, branches, body.operator)
        : prints.ofBag(kind, branches, `${body.operator}${body.all ? ' all' : ''}`);
    const columns = left.columns.map(({ name, print }, at): ColumnPrint => {
      const other = body.byName ? right.columns.find((one) => one.name === name) : right.columns[at];
      return { name, print: prints.ofBag('either', [print, other?.print ?? 'null']) };
    });
    return { rows, columns, isOpen: left.isOpen };
  }

  #from(relation: Relation, around: Scope | undefined, ctes: Ctes, leaves: Leaf[]): Rows {
    if (relation.kind === 'join') {
      const left = this.#from(relation.left, around, ctes, leaves);
      const right = this.#from(relation.right, around, ctes, leaves);
      const using = relation.natural ? ['natural'] : relation.using.map((name) => name.text.toLowerCase());
      const type = relation.type === 'cross' ? 'inner' : relation.type;
      return { kind: 'join', type, left, right, on: conditionsIn(relation.on), ...(using.length === 0 ? {} : { using }) };
    }
    const [alias, print] = this.#leaf(relation, { leaves: [...leaves], around, ctes });
    leaves.push({ alias, print, tag: undefined });
    return { kind: 'leaf', index: leaves.length - 1, filter: [] };
  }

  #leaf(relation: Exclude<Relation, { kind: 'join' }>, scope: Scope): readonly [alias: string, print: RelationPrint] {
    const { prints } = this;
    const alias = relation.alias?.name.text.toLowerCase();
    const named = (print: RelationPrint): RelationPrint => renamed(print, relation.alias?.columns.map((one) => one.text) ?? []);
    const names = (): Names => this.#names(scope, '', undefined, []);
    switch (relation.kind) {
      case 'table': {
        const parts = relation.parts.map((part) => part.text);
        const table = this.#table(parts, scope.ctes);
        const sampled =
          relation.modifiers.length === 0 ? table : { ...table, rows: prints.of('modified', [table.rows, ...relation.modifiers]) };
        return [alias ?? parts.at(-1)?.toLowerCase() ?? '', named(sampled)];
      }
      case 'derived':
        return [alias ?? '', named(this.query(relation.query, relation.lateral ? scope : scope.around, scope.ctes))];
      case 'function': {
        const args = relation.args.map((one) => printExpression(one, names()));
        const more = [String(relation.outer), relation.ordinal?.text ?? '', JSON.stringify(relation.declared, withoutSpan)];
        return [
          alias ?? relation.name,
          named(this.#open(prints.of(`function ${relation.name}`, [...args, ...more], this.#textOf(relation)))),
        ];
      }
      case 'pivot':
      case 'unpivot': {
        const leaves: Leaf[] = [];
        this.#from(relation.input, scope.around, scope.ctes, leaves);
        const shape = JSON.stringify({ ...relation, input: undefined, alias: undefined }, withoutSpan);
        return [alias ?? '', named(this.#open(prints.of(relation.kind, [...leaves.map(({ print }) => print.rows), shape], relation.kind)))];
      }
      case 'opaque-relation':
        return [alias ?? '', named(this.#open(prints.of('opaque', [relation.text.replace(/\s+/g, ' ')], relation.text)))];
    }
  }

  #table(parts: readonly string[], ctes: Ctes): RelationPrint {
    const [only] = parts;
    if (parts.length === 1 && only !== undefined)
      for (let at = ctes; at !== undefined; at = at.parent) if (at.name === only.toLowerCase()) return at.print;
    return this.text.table(parts);
  }

  /** A relation whose columns are found by name. */
  #open(rows: string): RelationPrint {
    return { rows, columns: [], isOpen: true };
  }

  #names(scope: Scope, rows: string, windows: Select['windows'] | undefined, items: readonly SelectItem[]): Names {
    const own = new Map<string, Window>((windows ?? []).map(({ name, window }) => [name.text.toLowerCase(), window]));
    const names: Names = {
      prints: this.prints,
      sql: this.text.sql,
      rows,
      windows: own,
      query: (query) => {
        const print = this.query(query, scope, scope.ctes);
        return this.prints.of('query', [print.rows, ...print.columns.map((column) => column.print)]);
      },
      column: (parts) =>
        this.#find(parts, scope) ??
        this.#alias(parts, items, names) ??
        this.prints.of(
          'free',
          parts.map((part) => part.toLowerCase()),
          parts.join('.'),
        ),
    };
    return names;
  }

  /** What a name means among the relations, from the innermost outwards; parts behind the column are its fields. */
  #find(parts: readonly string[], scope: Scope | undefined): string | undefined {
    for (let at = scope; at !== undefined; at = at.around) {
      for (let qualifiers = parts.length - 1; qualifiers >= 0; qualifiers--) {
        const leaves = qualifiers === 0 ? at.leaves : at.leaves.filter(({ alias }) => alias === parts[qualifiers - 1]?.toLowerCase());
        const name = parts[qualifiers]?.toLowerCase() ?? '';
        const found = findIn(leaves, name, this.prints);
        if (found === undefined) continue;
        return parts
          .slice(qualifiers + 1)
          .reduce((print, field) => this.prints.of('field', [print, field.toLowerCase()], parts.join('.')), found);
      }
    }
    return undefined;
  }

  /** The alias of an item of the SELECT list, as GROUP BY, HAVING and other items may use it. */
  #alias(parts: readonly string[], items: readonly SelectItem[], names: Names): string | undefined {
    const name = parts.length === 1 ? parts[0]?.toLowerCase() : undefined;
    const at = items.findIndex((item) => item.kind === 'item' && item.alias?.text.toLowerCase() === name);
    const item = items[at];
    if (item?.kind !== 'item') return undefined;
    // The item itself must not look itself up.
    return printExpression(item.expression, {
      ...names,
      column: (inner) =>
        inner.length === 1 && inner[0]?.toLowerCase() === name ? this.prints.of('free', [name ?? '']) : names.column(inner),
    });
  }

  #item(item: SelectItem, at: number, scope: Scope, names: Names): readonly ColumnPrint[] {
    if (item.kind === 'item') {
      const name = item.alias?.text ?? (item.expression.kind === 'column' ? item.expression.parts.at(-1)?.text : undefined) ?? `?${at}`;
      return [{ name: name.toLowerCase(), print: printExpression(item.expression, names) }];
    }
    const qualifier = item.qualifier.at(-1)?.text.toLowerCase();
    const leaves = scope.leaves.filter(({ alias }) => qualifier === undefined || alias === qualifier);
    const left = new Set(item.except.map((name) => name.text.toLowerCase()));
    const renames = new Map(item.rename.map(({ from, to }) => [from.text.toLowerCase(), to.text.toLowerCase()]));
    const replaced = new Map(item.replace.map(({ expression, name }) => [name.text.toLowerCase(), expression]));
    return leaves.flatMap((leaf): ColumnPrint[] => [
      ...leaf.print.columns.flatMap(({ name }): ColumnPrint[] => {
        if (left.has(name)) return [];
        const made = replaced.get(name);
        const print = made === undefined ? findIn([leaf], name, this.prints) : printExpression(made, names);
        return print === undefined ? [] : [{ name: renames.get(name) ?? name, print }];
      }),
      ...(leaf.print.isOpen ? [{ name: '*', print: this.prints.of('all of', [leaf.print.rows, [...left].sort().join()]) }] : []),
    ]);
  }

  #groups(select: Select, names: Names): readonly string[] | undefined {
    if (select.groupByAll) return [this.prints.of('all', [])];
    if (select.groupBy.length === 0) return undefined;
    const one = (expression: Expression): string => {
      const item = expression.kind === 'literal' && expression.type === 'number' ? select.items[Number(expression.value) - 1] : undefined;
      return printExpression(item?.kind === 'item' ? item.expression : expression, names);
    };
    return select.groupBy.map((grouping) =>
      grouping.kind === 'expression'
        ? one(grouping.expression)
        : this.prints.of(
            grouping.kind,
            grouping.sets.map((set) => this.prints.ofSet('set', set.map(one))),
          ),
    );
  }

  #groupText(grouping: Grouping): string {
    return grouping.kind === 'expression' ? this.#textOf(grouping.expression) : grouping.kind;
  }

  #textOf({ span }: { readonly span: { readonly start: number; readonly end: number } }): string {
    return this.text.sql.slice(span.start, span.end).replace(/\s+/g, ' ');
  }
}

/** The column of a name, of the only relation that has it or may have it; with the relation's mark where there are others. */
function findIn(leaves: readonly Leaf[], name: string, prints: Prints): string | undefined {
  const known = leaves.flatMap((leaf) =>
    leaf.print.columns.flatMap((column) => (column.name === name ? [{ leaf, print: column.print }] : [])),
  );
  const open = leaves.filter(({ print }) => print.isOpen);
  const found =
    known[0] ??
    (open.length === 0 ? undefined : { leaf: open[0] as Leaf, print: prints.of('column', [(open[0] as Leaf).print.rows, name], name) });
  if (found === undefined) return undefined;
  return found.leaf.tag === undefined ? found.print : prints.of('at', [found.leaf.tag, found.print], prints.textOf(found.print));
}

function renamed(print: RelationPrint, names: readonly string[]): RelationPrint {
  if (names.length === 0) return print;
  const columns = names.map(
    (name, at): ColumnPrint => ({ name: name.toLowerCase(), print: print.columns[at]?.print ?? `${print.rows} ${at}` }),
  );
  return { ...print, columns: [...columns, ...print.columns.slice(names.length)] };
}

function hasAggregates(select: Select): boolean {
  return select.having !== undefined || select.items.some((item) => item.kind === 'item' && hasAggregate(item.expression));
}

function withoutSpan(key: string, value: unknown): unknown {
  return key === 'span' ? undefined : value;
}
