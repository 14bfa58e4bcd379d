import type { Cell } from '../engine/engine.ts';
import type { PreviewSession } from '../engine/preview.ts';
import type { ModelNode, ProjectNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import { runUnitTest } from './run-unit-test.ts';
import { shrink } from './shrink.ts';
import { toTrial } from './trial.ts';
import type { WrittenUnitTest } from './write-unit-test.ts';

type Row = Readonly<Record<string, unknown>>;

/** Rows that a person picked: of what the model gives, or of one thing that it reads. */
export interface PickedRows {
  readonly of: NodeId;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** A unit test that passes as it is, and how its rows were found. */
export interface MadeUnitTest {
  readonly test: WrittenUnitTest;
  readonly because: string;
}

/** How often the model is run at most, so that a person does not wait for the very last row that could go. */
const mostTrials = 250;
/** Rows of one input beyond which only those that share a key with the picked ones are tried. */
const mostRows = 20_000;
const keyName = /(^|_)(id|key|uuid|sk|code|nr|number)$/i;

interface Input {
  readonly id: NodeId;
  readonly input: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** True where rows that share nothing with the picked ones were left out unseen. */
  readonly cut: boolean;
}

/**
 * Makes a unit test of picked rows. Rows of the model become its expectation, over the fewest rows of its inputs that still give them; rows
 * of an input are given, with the fewest rows of the other inputs that leave the outcome as it is. A sentence where that cannot be.
 */
export async function makeUnitTest(
  session: PreviewSession,
  snapshot: Snapshot,
  model: ModelNode,
  picked: PickedRows,
  around: { readonly signal?: AbortSignal; readonly pause?: () => Promise<void> } = {},
): Promise<MadeUnitTest | { readonly problem: string }> {
  if (picked.rows.length === 0) return { problem: 'Pick at least one row.' };
  if (new Set(picked.columns).size < picked.columns.length)
    return { problem: 'Two columns have the same name: a unit test names each once.' };
  const inputs: Input[] = [];
  for (const id of snapshot.graph.parents(model.id)) {
    const node = snapshot.nodes.get(id);
    if (node === undefined || !isRelation(node)) continue;
    const read = await readInput(session, node, model, picked, around.signal);
    if ('problem' in read) return read;
    inputs.push(read);
  }
  return new Search(session, snapshot, model, picked, inputs, around).make();
}

class Search {
  #trials = 0;

  constructor(
    private readonly session: PreviewSession,
    private readonly snapshot: Snapshot,
    private readonly model: ModelNode,
    private readonly picked: PickedRows,
    private readonly inputs: readonly Input[],
    private readonly around: { readonly signal?: AbortSignal; readonly pause?: () => Promise<void> },
  ) {}

  async make(): Promise<MadeUnitTest | { readonly problem: string }> {
    const { inputs, model, picked } = this;
    const whole = inputs.map((input) => input.rows);
    const near = toNear(picked, inputs);
    const expected = picked.of === model.id ? picked.rows.map((row) => toText(picked.columns, row)) : undefined;
    const close = await this.#run(near);
    const isEnough = !('problem' in close) && (expected === undefined || holdsAll(toTexts(close), expected));
    const first = isEnough ? close : await this.#run(whole);
    if ('problem' in first) return first;
    const target = toTexts(first);
    if (expected !== undefined && !holdsAll(target, expected)) {
      const cut = inputs.filter((input) => input.cut).map((input) => input.input);
      return {
        problem:
          cut.length === 0
            ? `'${model.name}' does not give these rows again from the rows of what it reads.`
            : `'${model.name}' needs more of the rows of ${cut.join(' and ')} than those that share a key with these: pick rows of that input instead.`,
      };
    }
    const holds = expected === undefined ? (texts: Counted) => isSameCount(texts, target) : (texts: Counted) => holdsAll(texts, expected);
    let kept: readonly (readonly Row[])[] = isEnough ? near : whole;
    const sizes = kept.map((rows) => rows.length);
    // The smallest first: what it lets go makes every later try cheaper.
    const order = inputs.map((_, i) => i).sort((a, b) => (sizes[a] ?? 0) - (sizes[b] ?? 0));
    for (const at of order) {
      const input = inputs[at];
      if (input === undefined || input.id === picked.of) continue;
      // A seed that is given no rows is read as it is, so one stays.
      const isSeed = this.snapshot.nodes.get(input.id)?.kind === 'seed';
      const before = kept;
      const fewest = await shrink(kept[at] ?? [], async (rows) =>
        isSeed && rows.length === 0 ? false : this.#holds(replace(before, at, rows), holds),
      );
      kept = replace(kept, at, fewest);
    }
    kept = await this.#dropColumns(kept);
    const outcome = await this.#run(kept);
    if ('problem' in outcome) return outcome;
    const read = whole.reduce((sum, rows) => sum + rows.length, 0);
    const left = kept.reduce((sum, rows) => sum + rows.length, 0);
    const words = `${left} of ${read.toLocaleString('en')} rows that it reads`;
    const because = this.#trials >= mostTrials ? `${words}, after ${mostTrials} tries: fewer may do` : words;
    const description =
      expected === undefined
        ? `What ${model.name} makes of rows picked from ${this.snapshot.nodes.get(picked.of)?.name ?? picked.of}.`
        : `Rows picked from a preview, with the rows that they come from.`;
    const test = {
      name: `${model.name}_gives_picked_rows`,
      description,
      model: model.name,
      given: inputs.map(({ input }, i) => ({ input, rows: kept[i] ?? [] })),
      expect: outcome.rows,
    };
    return { test, because };
  }

  /** Leaves out columns that the model's SQL does not name, where that changes nothing. */
  async #dropColumns(kept: readonly (readonly Row[])[]): Promise<readonly (readonly Row[])[]> {
    const before = await this.#run(kept);
    if ('problem' in before) return kept;
    const texts = toTexts(before);
    const sql = this.snapshot.texts.get(this.model.id)?.rendering.sql.toLowerCase() ?? '';
    const words = new Set(sql.match(/[\p{L}_][\p{L}\p{N}_$]*/gu));
    let result = kept;
    for (const [at, input] of this.inputs.entries()) {
      const unnamed = input.columns.filter((name) => !words.has(name.toLowerCase()));
      const without = (names: readonly string[]): readonly (readonly Row[])[] =>
        replace(
          result,
          at,
          (result[at] ?? []).map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)))),
        );
      if (unnamed.length === 0 || unnamed.length === input.columns.length) continue;
      const now = await this.#run(without(unnamed));
      if (!('problem' in now) && isSameCount(toTexts(now), texts)) result = without(unnamed);
    }
    return result;
  }

  async #holds(given: readonly (readonly Row[])[], holds: (texts: Counted) => boolean): Promise<boolean | undefined> {
    if (this.#trials >= mostTrials) return undefined;
    const outcome = await this.#run(given);
    return 'problem' in outcome ? false : holds(toTexts(outcome));
  }

  async #run(given: readonly (readonly Row[])[]): Promise<Outcome | { readonly problem: string }> {
    await this.around.pause?.();
    this.around.signal?.throwIfAborted();
    this.#trials++;
    const trial = toTrial(
      this.model,
      'hw_picked_rows',
      this.inputs.map(({ input }, i) => ({ input, format: 'dict', rows: given[i] ?? [] })),
    );
    const ran = await runUnitTest(this.session, this.snapshot, trial, this.around.signal);
    if (ran.status === 'error') return { problem: ran.message };
    const names = ran.sample?.columns.map((column) => column.name) ?? [];
    return { rows: (ran.sample?.rows ?? []).map((row) => toRow(names, row)) };
  }
}

interface Outcome {
  readonly rows: readonly Row[];
}

async function readInput(
  session: PreviewSession,
  node: ProjectNode,
  model: ModelNode,
  picked: PickedRows,
  signal: AbortSignal | undefined,
): Promise<Input | { readonly problem: string }> {
  const input = toInput(node, model);
  if (node.id === picked.of) {
    const rows = picked.rows.map((row) => toRow(picked.columns, row as readonly Cell[]));
    return { id: node.id, input, columns: picked.columns, rows, cut: false };
  }
  const answer = await session.preview({ kind: 'node', node: node.id }, signal);
  if (answer.kind === 'failed') return { problem: answer.problems[0]?.message ?? `'${node.name}' cannot be built.` };
  const { result } = answer;
  const columns = result.columns.map((column) => column.name);
  const cut = result.rowCount > mostRows;
  const shares = cut ? sharesKey(picked, columns) : () => true;
  const rows: Row[] = [];
  for (let at = 0; at < result.rowCount && rows.length < mostRows; at += mostRows)
    rows.push(...(await result.page(at, mostRows)).map((row) => toRow(columns, row)).filter(shares));
  await result.drop();
  return { id: node.id, input, columns, rows, cut };
}

/** Whether a row holds, in a key that it has in common with the picked rows, one of their values. */
function sharesKey(picked: PickedRows, columns: readonly string[]): (row: Row) => boolean {
  const known = new Map(picked.columns.map((name, i) => [name.toLowerCase(), i]));
  const common = columns.filter((name) => keyName.test(name) && known.has(name.toLowerCase()));
  if (common.length === 0) return () => true;
  const values = common.map((name) => new Set(picked.rows.map((row) => String(row[known.get(name.toLowerCase()) ?? -1]))));
  return (row) => common.some((name, i) => values[i]?.has(String(row[name])));
}

/** The rows of each input that share a key with the picked ones, or with rows that do; all of an input that shares no key. */
function toNear(picked: PickedRows, inputs: readonly Input[]): readonly (readonly Row[])[] {
  const values = new Map<string, Set<string>>();
  const learn = (name: string, found: Iterable<unknown>): void => {
    const key = name.toLowerCase();
    if (keyName.test(name) && !values.has(key)) values.set(key, new Set([...found].map(String)));
  };
  for (const [i, name] of picked.columns.entries())
    learn(
      name,
      picked.rows.map((row) => row[i]),
    );
  const near = inputs.map((input) => input.rows);
  const open = new Set(inputs.keys());
  for (let grew = true; grew; ) {
    grew = false;
    for (const at of open) {
      const input = inputs[at];
      const common = input?.columns.filter((name) => values.has(name.toLowerCase())) ?? [];
      if (input === undefined || common.length === 0) continue;
      open.delete(at);
      grew = true;
      if (input.id !== picked.of)
        near[at] = input.rows.filter((row) => common.some((name) => values.get(name.toLowerCase())?.has(String(row[name]))));
      for (const name of input.columns)
        learn(
          name,
          (near[at] ?? []).map((row) => row[name]),
        );
    }
  }
  return near;
}

function toInput(node: ProjectNode, model: ModelNode): string {
  if (node.kind === 'source') return `source('${node.sourceName}', '${node.name}')`;
  const names = node.package === model.package ? [node.name] : [node.package, node.name];
  const version = node.kind === 'model' && node.version !== undefined ? `, v=${node.version}` : '';
  return `ref(${names.map((name) => `'${name}'`).join(', ')}${version})`;
}

type Counted = ReadonlyMap<string, number>;

function toTexts({ rows }: Outcome): Counted {
  return count(rows.map((row) => toText(Object.keys(row), Object.values(row))));
}

function count(texts: readonly string[]): Counted {
  const counted = new Map<string, number>();
  for (const text of texts) counted.set(text, (counted.get(text) ?? 0) + 1);
  return counted;
}

/** A row as text, whatever the order of its columns. */
function toText(names: readonly string[], values: readonly unknown[]): string {
  const cells = names.map((name, i) => [name.toLowerCase(), values[i] === null || values[i] === undefined ? null : String(values[i])]);
  return JSON.stringify(cells.sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1)));
}

function holdsAll(given: Counted, wanted: readonly string[]): boolean {
  return [...count(wanted)].every(([text, times]) => (given.get(text) ?? 0) >= times);
}

function isSameCount(one: Counted, other: Counted): boolean {
  return one.size === other.size && [...one].every(([text, times]) => other.get(text) === times);
}

function replace<Item>(items: readonly Item[], at: number, item: Item): readonly Item[] {
  return items.map((old, i) => (i === at ? item : old));
}

function toRow(names: readonly string[], row: readonly Cell[]): Row {
  return Object.fromEntries(names.map((name, i) => [name, toValue(row[i] ?? null)]));
}

function toValue(value: Cell): unknown {
  return value instanceof Uint8Array ? Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('') : value;
}
