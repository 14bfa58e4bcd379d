import type { Inspected } from '../../engine/preview.ts';
import { quote } from '../../engine/work.ts';
import type { NodeId } from '../../text/ids.ts';
import type { Span } from '../../text/span.ts';
import { checkHop, type Verdict } from './check-hop.ts';
import { Following, type Through, type Wanted } from './flow.ts';
import { RowSets } from './row-sets.ts';
import type { Stage } from './stage.ts';
import { lineAt, visibleNames } from './tables.ts';
import { TakingApart } from './take-apart.ts';

/** A part of a model on the way of a value: a CTE or the query itself. */
export interface Rung {
  /** Empty for the query itself. */
  readonly cte: string;
  /** What computes the value here, as written. */
  readonly expression: string;
  readonly rows: number;
  readonly path: string;
  readonly line: number;
}

/** From rows of a model to the rows of everything that it reads. */
export interface Hop {
  readonly inputs: ReadonlyMap<NodeId, Wanted>;
  /** Relations all of whose rows may count. */
  readonly whole: ReadonlySet<NodeId>;
  readonly rungs: readonly Rung[];
  readonly because: readonly string[];
  readonly verdict: Verdict;
}

/** Follows rows of a model to its inputs; where that is not enough to make them again, everything that may count is taken. */
export async function followModel(inside: Inspected, wanted: Wanted, prefix: string): Promise<Hop> {
  const apart = new TakingApart(inside, prefix);
  try {
    const stage = await apart.whole();
    const rows = await align(inside, stage, wanted.rows, prefix);
    if (rows === undefined) return noHop('Its rows are those of an earlier run, which its SQL does not give any more.');
    const first = await follow(apart, stage, { ...wanted, rows }, `${prefix}:n`, false);
    const checked = await check(first, false);
    if (checked.verdict.isEnough) return checked;
    const wide = await follow(apart, stage, { ...wanted, rows }, `${prefix}:w`, true);
    const again = await check(wide, true);
    return again.verdict.isEnough ? again : checked;

    async function check(hop: Omit<Hop, 'verdict'>, isWide: boolean): Promise<Hop> {
      const verdict = await checkHop(
        inside,
        stage.table,
        { ...wanted, rows: rows as ReadonlySet<number> },
        hop.inputs,
        hop.whole,
        `${prefix}:c${isWide ? 2 : 1}`,
      );
      return { ...hop, verdict };
    }
  } finally {
    await apart.drop();
  }
}

/** A hop that leads nowhere, and why. */
export function noHop(because: string): Hop {
  return { inputs: new Map(), whole: new Set(), rungs: [], because: [], verdict: { isEnough: false, idle: new Set(), because } };
}

/** The rows of the model's table as rows of its query: those of the same number, else those of the same values. */
async function align(
  { builder, table }: Inspected,
  stage: Stage,
  rows: ReadonlySet<number>,
  prefix: string,
): Promise<ReadonlySet<number> | undefined> {
  const sets = new RowSets(builder.engine, `${prefix}:a`);
  try {
    const ids = await sets.table(rows);
    const own = new Set(visibleNames(stage.table).map((name) => name.toLowerCase()));
    const shared = table.columns.map((column) => column.name).filter((name) => own.has(name.toLowerCase()));
    const same = shared.map((name) => `s.${quote(name)} is not distinct from t.${quote(name)}`).join(' and ') || '1 = 1';
    const [t, s] = [quote(table.physical), quote(stage.table.physical)];
    const placed = await sets.read(
      `select s.rowid from ${t} as t join ${s} as s on s.rowid = t.rowid where t.rowid in (select id from ${ids}) and ${same}`,
    );
    if (placed.size === rows.size) return placed;
    const found = await sets.read(
      `select s.rowid from ${s} as s where exists (select 1 from ${t} as t where t.rowid in (select id from ${ids}) and ${same})`,
    );
    return found.size === 0 ? undefined : found;
  } finally {
    await sets.drop();
  }
}

async function follow(apart: TakingApart, last: Stage, wanted: Wanted, prefix: string, wide: boolean): Promise<Omit<Hop, 'verdict'>> {
  const following = new Following(apart, prefix, wide);
  const inputs = new Map<NodeId, Wanted>();
  const whole = new Set<NodeId>();
  const rungs: Rung[] = [];
  const because = new Set<string>();
  const pending = new Map<Stage, Wanted>([[last, wanted]]);
  try {
    while (pending.size > 0) {
      // Stages come after all that they read.
      const stage = [...pending.keys()].reduce((a, b) => (b.order > a.order ? b : a));
      const own = pending.get(stage) ?? wanted;
      pending.delete(stage);
      const through = await following.through(stage, own);
      if (own.values.size > 0) rungs.push(toRung(apart, stage, through, own));
      for (const id of through.whole) whole.add(id);
      for (const text of through.because) because.add(text);
      for (const flow of through.flows)
        if (flow.source.kind === 'node') inputs.set(flow.source.id, join(inputs.get(flow.source.id), flow));
        else pending.set(flow.source, join(pending.get(flow.source), flow));
    }
    return { inputs, whole, rungs, because: [...because] };
  } finally {
    await following.drop();
  }
}

/** Both sets of rows with the columns of both. */
export function join(a: Wanted | undefined, b: Wanted): Wanted {
  if (a === undefined) return { rows: new Set(b.rows), columns: new Set(b.columns), values: new Set(b.values) };
  return {
    rows: new Set([...a.rows, ...b.rows]),
    columns: new Set([...a.columns, ...b.columns]),
    values: new Set([...a.values, ...b.values]),
  };
}

function toRung({ inside }: TakingApart, stage: Stage, through: Through, own: Wanted): Rung {
  const texts = through.expressions.map(({ span }) => textOf(inside, span)).filter((text) => text !== '');
  const span = through.expressions.find((one) => one.span.end > 0)?.span ?? stage.span;
  return {
    cte: stage.name,
    expression: texts.length > 0 ? [...new Set(texts)].join('; ') : [...own.values].join(', '),
    rows: own.rows.size,
    path: inside.place.path,
    line: lineAt(inside, span),
  };
}

function textOf({ sql }: Inspected, span: Span): string {
  const text = sql.slice(span.start, span.end).replace(/\s+/g, ' ').trim();
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}
