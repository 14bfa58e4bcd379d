import { findNodeOfTable, type SqlReading } from '../docs/reading.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ColumnExpression, Expression } from '../sql/ir.ts';
import { originsOf, type ResolvedColumn } from '../sql/resolve/columns.ts';
import type { NodeId } from '../text/ids.ts';
import type { ColumnId } from './demand.ts';

/** Follows columns back to the relations that have no rows, through everything that only copies, renames, casts or trims them. */
export class PullBack {
  readonly #known = new Map<string, readonly ColumnId[]>();
  readonly #open = new Set<string>();

  constructor(
    private readonly snapshot: Snapshot,
    /** The relations that rows are made for. */
    private readonly wanted: ReadonlySet<NodeId>,
  ) {}

  /** The columns without rows that a column of a node has its values from. */
  of(node: NodeId, column: string): readonly ColumnId[] {
    const folded = column.toLowerCase();
    if (this.wanted.has(node)) return [{ node, column: folded }];
    const key = `${node}\u0000${folded}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#open.has(key) || this.#open.size > 300) return [];
    this.#open.add(key);
    const edges = (this.snapshot.lineage.nodes.get(node)?.edges ?? []).filter((edge) => edge.toColumn.toLowerCase() === folded);
    const plain = edges.filter((edge) => edge.kind === 'copied' || edge.kind === 'renamed' || edge.kind === 'cast');
    const followed = plain.length > 0 ? plain : edges.length === 1 && edges[0]?.kind === 'computed' ? edges : [];
    const found = followed.slice(0, 8).flatMap((edge) => this.of(edge.from, edge.fromColumn));
    this.#open.delete(key);
    this.#known.set(key, found);
    return found;
  }

  /** The same for a column that a text reads. */
  ofExpression(reading: SqlReading, expression: Expression): readonly ColumnId[] {
    const column = columnIn(expression);
    if (column === undefined) return [];
    const reference = reading.resolution.references.get(column);
    if (reference === undefined || reference.columns.length !== 1) return [];
    return this.#ofResolved(reading, reference.columns[0]);
  }

  #ofResolved(reading: SqlReading, column: ResolvedColumn | undefined): readonly ColumnId[] {
    if (column === undefined) return [];
    const found: ColumnId[] = [];
    const origins = [...originsOf(column)];
    for (const [base, { kind }] of origins) {
      if (base.table === undefined || base.isStar === true) continue;
      if (kind === 'aggregated' || kind === 'windowed' || (kind === 'computed' && origins.length > 1)) continue;
      const node = findNodeOfTable(this.snapshot, base.table.parts, reading.node.id);
      if (node !== undefined) found.push(...this.of(node.id, base.name));
      if (found.length > 12) break;
    }
    return found;
  }
}

const wrappers =
  /^(.*\.)?(lower|upper|trim|ltrim|rtrim|btrim|coalesce|ifnull|nvl|nullif|to_varchar|to_char|initcap|any_value|min|max|date|timestamp|date_trunc|datetrunc|to_date|to_timestamp|try_to_date|try_to_timestamp|to_number|try_to_number|round|abs|left|substr|substring|replace|regexp_replace|parse_date|parse_timestamp|from_iso8601_timestamp|date_parse|strptime|timestamp_trunc|convert_timezone|from_unixtime|timestamp_seconds|timestamp_millis|parse_json|try_parse_json|safe_cast|concat)$/;

/** The column that an expression is about: itself, or what a cast or a function without much effect is applied to. */
export function columnIn(expression: Expression | undefined): ColumnExpression | undefined {
  let at = expression;
  for (let depth = 0; at !== undefined && depth < 12; depth++) {
    if (at.kind === 'column') return at;
    if (at.kind === 'cast') at = at.operand;
    else if (at.kind === 'call' && at.over === undefined && wrappers.test(at.name)) {
      const [...args]: readonly Expression[] = at.args;
      at = args.find((one) => columnIn(one) !== undefined);
    } else return undefined;
  }
  return undefined;
}
