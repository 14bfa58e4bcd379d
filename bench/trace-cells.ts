// Traces cells of models at random and holds the answers to what they claim: the traced rows of seeds and sources alone give the cell again,
// without them it is another one, and where a row is said to be needed the cell changes without it. Prints shares by project.
// node dist/trace-cells.cjs CELLS [project …]
import { Analyzer } from '../src/core/analyze.ts';
import { templateEngine } from '../src/core/dbt/template-engine.ts';
import type { Cell } from '../src/core/engine/engine.ts';
import { PreviewSession } from '../src/core/engine/preview.ts';
import { Sources } from '../src/core/project/sources.ts';
import { type Trace, type TraceStep, Tracing } from '../src/core/results/trace/trace.ts';
import type { Snapshot } from '../src/core/snapshot.ts';
import type { NodeId } from '../src/core/text/ids.ts';
import { Disk } from '../src/disk/disk.ts';
import { openSqlite } from '../test/support/open-sqlite.ts';
import { sameNumbers } from './same-numbers.ts';

const settings = { vars: {}, env: {}, runStartedAt: '2026-06-01T12:00:00Z', invocationId: 'bench' };

async function open(snapshot: Snapshot): Promise<PreviewSession> {
  const engine = await openSqlite();
  return new PreviewSession(engine, snapshot, '2026-06-01 12:00:00');
}

/** Whether the cell is there when seeds and sources hold only some of their rows. */
async function isThere(snapshot: Snapshot, trace: Trace, keep: (step: TraceStep | undefined) => string): Promise<boolean | undefined> {
  const session = await open(snapshot);
  try {
    for (const node of snapshot.nodes.values()) {
      if (node.kind !== 'seed' && node.kind !== 'source') continue;
      if (!snapshot.graph.ancestors(trace.cell.node).has(node.id)) continue;
      const relation = await session.relation(node.id);
      if (relation.kind === 'failed') return undefined;
      const condition = keep(trace.steps.find((step) => step.node === node.id));
      if (condition !== '') await session.engine.execute(`delete from "${relation.table.physical}" where ${condition}`);
    }
    const answer = await session.preview({ kind: 'node', node: trace.cell.node });
    if (answer.kind === 'failed') return false;
    const names = answer.result.columns.map(({ name }) => name);
    const row = trace.cell.row ?? {};
    const wanted = [...trace.cell.given.map(({ column }) => column), trace.cell.column];
    for (const cells of await answer.result.page(0, 100_000)) {
      const isSame = (name: string): boolean =>
        near(cells[names.findIndex((one) => one.toLowerCase() === name.toLowerCase())] ?? null, cellOf(row, name));
      if (wanted.every(isSame)) return true;
    }
    return false;
  } finally {
    await session.engine.close();
  }
}

function cellOf(row: Readonly<Record<string, Cell>>, name: string): Cell {
  const found = Object.keys(row).find((one) => one.toLowerCase() === name.toLowerCase());
  return found === undefined ? null : (row[found] ?? null);
}

function near(a: Cell, b: Cell): boolean {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= 1e-9 * (1 + Math.abs(b));
  return String(a) === String(b);
}

async function main(): Promise<void> {
  const [count = '60', ...given] = process.argv.slice(2);
  const projects =
    given.length > 0
      ? given
      : ['b2b-saas', 'crm-warehouse', 'ravenstack', 'lightdash-saas', 'saas-activity'].map((name) => `samples/${name}`);
  const next = sameNumbers(7);
  const all = { cells: 0, exact: 0, stated: 0, refused: 0, sufficient: 0, changed: 0, needed: 0, neededTried: 0 };
  for (const project of projects) {
    const snapshot = new Analyzer(templateEngine).analyze(await Sources.read(new Disk(project)), {
      ...settings,
      folderName: project.split('/').at(-1) ?? '',
    });
    const session = await open(snapshot);
    const models = [...snapshot.nodes.values()].filter((node) => node.kind === 'model' && node.enabled && snapshot.texts.has(node.id));
    const own = { ...all, cells: 0, exact: 0, stated: 0, refused: 0, sufficient: 0, changed: 0, needed: 0, neededTried: 0 };
    const times: number[] = [];
    for (let tries = 0; own.cells < Number(count) && tries < Number(count) * 4; tries++) {
      const model = models[Math.floor(next() * models.length)];
      if (model === undefined) break;
      const relation = await session.relation(model.id);
      if (relation.kind === 'failed') continue;
      const { table } = relation;
      const [[rows = 0] = []] = (await session.engine.query(`select count(*) from "${table.physical}"`, { offset: 0, limit: 1 })).rows;
      if (Number(rows) === 0 || table.columns.length === 0) continue;
      const [row = []] = (
        await session.engine.query(`select * from "${table.physical}"`, { offset: Math.floor(next() * Number(rows)), limit: 1 })
      ).rows;
      const column = table.columns[Math.floor(next() * table.columns.length)]?.name ?? '';
      // The row is named by as few of its values as make it the only one.
      const where: { column: string; value: string | undefined }[] = [];
      for (const [i, one] of table.columns.entries()) {
        const value = row[i] ?? null;
        where.push({ column: one.name, value: value === null ? undefined : String(value) });
        const list = where.map(
          (cell) =>
            `"${cell.column}" is not distinct from ${cell.value === undefined ? 'null' : `(select "${cell.column}" from "${table.physical}" where cast("${cell.column}" as text) = '${cell.value.replaceAll("'", "''")}' limit 1)`}`,
        );
        const [[same = 0] = []] = (
          await session.engine.query(`select count(*) from "${table.physical}" where ${list.join(' and ')}`, { offset: 0, limit: 1 })
        ).rows;
        if (Number(same) === 1) break;
      }
      const started = performance.now();
      const trace = await new Tracing(session, snapshot).trace({ node: model.id, given: where, column });
      times.push(performance.now() - started);
      own.cells++;
      if ('code' in trace || trace.cell.rows === 0) {
        own.refused++;
        console.log('refused', model.name, column, 'code' in trace ? trace.message : 'row not found');
        continue;
      }
      const isRefused = trace.steps.some((step) => step.rowCount === 0 && step.node !== model.id);
      const isExact = trace.steps.every((step) => step.exact);
      own[isRefused ? 'refused' : isExact ? 'exact' : 'stated']++;
      const label = `${model.name}.${column} where ${where.map((one) => `${one.column}=${one.value}`).join(', ')}`;
      const leaf = (step: TraceStep | undefined) =>
        step === undefined ? '0' : step.rowCount === 0 ? '' : `rowid not in (${step.ids.join(',')})`;
      const enough = await isThere(snapshot, trace, (step) => (step === undefined ? '1' : leaf(step)));
      if (enough === true) own.sufficient++;
      else
        console.log(
          'not sufficient',
          isExact ? 'BUT EXACT' : '',
          label,
          [...new Set(trace.steps.flatMap((step) => step.because))].filter((text) => !text.startsWith('Checked')).join(' | '),
        );
      const hasLeaves = trace.steps.some((step) => /^(seed|source)\./.test(step.node) && step.rowCount > 0);
      const without = hasLeaves
        ? await isThere(snapshot, trace, (step) => (step === undefined || step.rowCount === 0 ? '' : `rowid in (${step.ids.join(',')})`))
        : false;
      if (without === false) own.changed++;
      else if (isExact) console.log('still there without its rows', label);
      const leaves = trace.steps
        .filter((step) => step.exact && /^(seed|source)\./.test(step.node))
        .flatMap((step) => step.ids.map((id) => ({ node: step.node, id })));
      const tried: { node: NodeId; id: number } | undefined = leaves[Math.floor(next() * leaves.length)];
      if (tried !== undefined) {
        own.neededTried++;
        const left = await isThere(snapshot, trace, (step) => (step?.node === tried.node ? `rowid = ${tried.id}` : ''));
        if (left === false) own.needed++;
        else console.log('not needed', label, JSON.stringify(tried));
      }
    }
    times.sort((a, b) => a - b);
    console.log(
      project,
      JSON.stringify(own),
      `ms p50 ${times[times.length >> 1]?.toFixed(0)} p95 ${times[Math.floor(times.length * 0.95)]?.toFixed(0)}`,
    );
    for (const key of Object.keys(all) as (keyof typeof all)[]) all[key] += own[key];
    await session.engine.close();
  }
  console.log('all', JSON.stringify(all));
}

void main();
