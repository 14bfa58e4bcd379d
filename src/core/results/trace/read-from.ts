import type { Expression, JoinRelation, Name, Query, Relation } from '../../sql/ir.ts';
import type { NodeId } from '../../text/ids.ts';
import type { KnownTable } from '../../translate/table.ts';
import type { Environment, Input, NodeSource, Stage } from './stage.ts';
import { keyOf, numbered } from './tables.ts';
import { ours, toName } from './tree.ts';

/** FROM with subqueries as tables of their own, and what it reads. */
export interface ReadFrom {
  readonly relations: readonly Relation[];
  readonly inputs: readonly Input[];
  readonly tables: ReadonlyMap<string, KnownTable>;
}

/** Who makes stages, and knows the relations of the project. */
export interface StageMaker {
  query(query: Query, environment: Environment, name: string): Promise<Stage>;
  relation(parts: readonly Name[]): { readonly id: NodeId; readonly table: KnownTable } | undefined;
}

/** Reads FROM; the end of a sentence says why it cannot be followed. */
export async function readFrom(apart: StageMaker, relations: readonly Relation[], environment: Environment): Promise<ReadFrom | string> {
  const reading = new Reading(apart, environment);
  const read: Relation[] = [];
  for (const relation of relations) {
    const one = await reading.relation(relation, 'needed', undefined);
    if (typeof one === 'string') return one;
    read.push(one);
  }
  return { relations: read, inputs: reading.inputs, tables: reading.tables };
}

type Role = Input['role'];

class Reading {
  readonly inputs: Input[] = [];
  readonly tables = new Map<string, KnownTable>();

  constructor(
    private readonly apart: StageMaker,
    private readonly environment: Environment,
  ) {}

  async relation(relation: Relation, role: Role, on: Expression | undefined): Promise<Relation | string> {
    switch (relation.kind) {
      case 'table':
        return this.#table(relation, role, on);
      case 'derived': {
        if (relation.lateral || relation.piped === true) return 'it reads a subquery that looks beside itself';
        const stage = await this.apart.query(relation.query, this.environment, relation.alias?.name.text ?? '');
        const key = `${ours}d${stage.order}`;
        this.tables.set(key, numbered(stage.table));
        const alias = relation.alias ?? { name: toName(key), columns: [] };
        this.#input(alias.name, stage, stage.table, alias.columns, role, on, relation);
        return { kind: 'table', parts: [toName(key)], alias, modifiers: [], span: relation.span };
      }
      case 'join':
        return this.#join(relation, role, on);
      case 'function':
        return relation;
      case 'pivot':
      case 'unpivot':
        return `it has ${relation.kind === 'pivot' ? 'a PIVOT' : 'an UNPIVOT'}`;
      default:
        return 'a part of it could not be read';
    }
  }

  async #table(relation: Extract<Relation, { kind: 'table' }>, role: Role, on: Expression | undefined): Promise<Relation> {
    const { parts, alias } = relation;
    const cte = parts.length === 1 ? this.environment.get(parts[0]?.text.toLowerCase() ?? '') : undefined;
    const stage = await cte?.();
    const node = stage === undefined ? this.apart.relation(parts) : undefined;
    const table = stage?.table ?? node?.table;
    const source: Stage | NodeSource | undefined = stage ?? (node === undefined ? undefined : { kind: 'node', ...node });
    if (table === undefined || source === undefined) return relation;
    this.tables.set(keyOf(parts), numbered(table));
    const name = alias?.name ?? parts.at(-1) ?? toName('');
    this.#input(name, source, table, alias?.columns ?? [], role, on, relation);
    return relation;
  }

  #input(
    name: Name,
    source: Stage | NodeSource,
    table: KnownTable,
    renamed: readonly Name[],
    role: Role,
    on: Expression | undefined,
    { span }: Relation,
  ): void {
    const sourceColumns = table.columns.map((column) => column.name).filter((column) => !column.startsWith(ours));
    const columns = sourceColumns.map((column, i) => renamed[i]?.text ?? column);
    this.inputs.push({ name, source, columns, sourceColumns, role, ...(on === undefined ? {} : { on }), span });
  }

  async #join(join: JoinRelation, role: Role, on: Expression | undefined): Promise<Relation | string> {
    if (join.type === 'semi' || join.type === 'anti' || join.type === 'asof')
      return `it has ${join.type === 'anti' ? 'an' : 'a'} ${join.type.toUpperCase()} JOIN`;
    const leftRole = join.type === 'right' || join.type === 'full' ? 'optional' : role;
    const rightRole = join.type === 'left' || join.type === 'full' ? 'optional' : role;
    const left = await this.relation(join.left, leftRole, on);
    if (typeof left === 'string') return left;
    const before = this.inputs.length;
    const right = await this.relation(join.right, rightRole, join.on);
    if (typeof right === 'string') return right;
    if (join.using.length === 0 && !join.natural) return { ...join, left, right };
    const shared = join.natural ? this.#shared(before) : join.using;
    const condition: Expression = {
      kind: 'operator',
      operator: 'and',
      operands: shared.map((name) => ({ kind: 'column', parts: [name], span: name.span })),
      span: join.span,
    };
    for (let at = before; at < this.inputs.length; at++) {
      const input = this.inputs[at];
      if (input !== undefined) this.inputs[at] = { ...input, on: condition };
    }
    return { ...join, left, right, natural: false, using: shared };
  }

  /** The columns that both sides of a natural join have. */
  #shared(before: number): readonly Name[] {
    const of = (inputs: readonly Input[]): string[] => inputs.flatMap((input) => input.columns);
    const right = new Set(of(this.inputs.slice(before)).map((column) => column.toLowerCase()));
    return [...new Set(of(this.inputs.slice(0, before)))].filter((column) => right.has(column.toLowerCase())).map(toName);
  }
}
