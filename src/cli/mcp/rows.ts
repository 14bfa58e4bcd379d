import { formatSummary, summarize } from '../../core/checks/result.ts';
import { runTests } from '../../core/checks/run-tests.ts';
import { compileNode } from '../../core/dbt/compile.ts';
import type { Cell } from '../../core/engine/engine.ts';
import type { Question } from '../../core/engine/preview.ts';
import { toResultColumns } from '../../core/engine/result-columns.ts';
import { askMetrics } from '../../core/metrics/ask.ts';
import { describeMetric, listMetrics } from '../../core/metrics/describe.ts';
import { readSemanticLayer } from '../../core/metrics/read-layer.ts';
import { findNear } from '../../core/text/nearest.ts';
import { answerTemplates } from '../answers.ts';
import { printable } from '../commands/sql-run.ts';
import { openSession, previewWith } from '../session.ts';
import { asData, asDataLines, asName, toPage } from './answer-text.ts';
import { type Asked, nameById, nameOf, Refused } from './asked.ts';
import { selectIn } from './select.ts';

/** SQL of a node, as it is written or as dbt would run it. */
export async function answerCompile(asked: Asked): Promise<string> {
  const node = asked.node(asked.need('name', 'orders'));
  if (asked.text('source') === 'yes') {
    const written = asked.snapshot.texts.get(node.id)?.source;
    if (written === undefined) throw new Refused(`${asName(nameOf(node))} is a ${node.kind} and has no SQL: ask describe or preview.`);
    return toPage(
      { head: [`${asName(node.path)} as written, all of it <data>`], items: asDataLines(written), of: 'lines', foot: ['</data>'] },
      asked.offset,
    );
  }
  const { snapshot } = await answerTemplates(asked.opened, [node.id]);
  const compiled = compileNode(snapshot, node.id);
  if (compiled === undefined) throw new Refused(`${asName(nameOf(node))} is a ${node.kind} and has no SQL: ask describe or preview.`);
  const problems = compiled.problems.map(({ path, start, message }) => `problem at ${asName(path)}:${start.line} ${asData(message)}`);
  const head = [...problems, `${asName(nameOf(node))} compiled, ${snapshot.project.dialect} <data>`];
  return toPage({ head, items: asDataLines(compiled.sql), of: 'lines', foot: ['</data>'] }, asked.offset);
}

/** Rows of a model, a CTE or a query. */
export async function answerPreview(asked: Asked): Promise<string> {
  const sql = asked.text('sql');
  const cte = asked.text('cte');
  const question: Question =
    sql === undefined
      ? { kind: 'node', node: asked.node(asked.need('name', 'orders')).id, ...(cte === undefined ? {} : { cte }) }
      : { kind: 'sql', sql };
  return rowsOf(asked, question);
}

async function rowsOf(asked: Asked, question: Question, above: readonly string[] = []): Promise<string> {
  const limit = asked.number('limit', 20, 500);
  const { answer, engine, because } = await previewWith(asked.opened, question, {}, 'auto');
  if (answer.kind === 'failed') {
    const why = answer.problems.map(
      ({ path, start, message }) => `${path === '' ? '' : `${asName(path)}:${start.line} `}${asData(message)}`,
    );
    throw new Refused(`No rows: ${[...why, ...toNotes(answer.notes)].join('\n')}\nLook at describe for columns, or compile for the SQL.`);
  }
  const { result } = answer;
  const rows = (await result.page(asked.offset, limit)).map((row) => row.map(toCell).join(' | '));
  const columns = toResultColumns(result.table.columns, asked.snapshot.project.dialect);
  const notes = toNotes([...because, ...result.notes]).map((note) => `note: ${note}`);
  const head = [
    ...above,
    `${result.rowCount} rows, over ${engine}`,
    ...notes,
    `<data>${columns.map(({ name, type }) => clean(type === '' ? name : `${name} ${type}`)).join(' | ')}`,
  ];
  const page = toPage({ head, items: rows, of: 'rows', foot: ['</data>'] });
  const shown = /rows 1–(\d+) of/.exec(page.slice(page.lastIndexOf('\n')))?.[1];
  const last = asked.offset + (shown === undefined ? rows.length : Number(shown));
  const body = shown === undefined ? page : page.slice(0, page.lastIndexOf('\n'));
  return last < result.rowCount
    ? `${body}\nrows ${asked.offset + 1}–${last} of ${result.rowCount}; ask with offset ${last} for more`
    : body;
}

/** Where rows come from is told once, however many files there are. */
function toNotes(notes: readonly string[]): readonly string[] {
  const isOrigin = (note: string): boolean => / is read from /.test(note);
  const origins = notes.filter(isOrigin);
  const others = notes.filter((note) => !isOrigin(note)).map((note) => asData(note, 300));
  const [first] = origins;
  if (first === undefined) return others;
  return [...others, `${asData(first, 200)}${origins.length > 1 ? ` and so are ${origins.length - 1} more` : ''}`];
}

function toCell(value: Cell): string {
  if (value === null || value === undefined) return 'NULL';
  return clean(String(printable(value)));
}

function clean(text: string): string {
  const cut = text.length > 120 ? `${text.slice(0, 120)}…` : text;
  return cut.replace(/[\r\n]+/g, '⏎').replace(/<(?=\s*\/?\s*data)/gi, '‹');
}

/** Tests that run now, the failed ones first. */
export async function answerTest(asked: Asked): Promise<string> {
  const ids = selectIn(asked, asked.text('select') ?? '');
  const session = await openSession(asked.opened);
  const results = await runTests({ session, snapshot: asked.snapshot, clock: () => performance.now(), sampleRows: 3 }, ids);
  if (results.length === 0) throw new Refused('Nothing that is selected has tests; ask propose for what could be tested.');
  const order = ['error', 'fail', 'warn', 'no-data', 'skip', 'pass'];
  const items = [...results]
    .sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status))
    .map(({ status, name, failures, message, place, sample }) => {
      if (status === 'pass') return `pass ${asName(name)}`;
      const rows =
        sample === undefined || sample.rows.length === 0
          ? ''
          : ` rows: <data>${sample.columns.map((column) => clean(column.name)).join(' | ')} / ${sample.rows.map((row) => row.map(toCell).join(' | ')).join(' / ')}</data>`;
      return `${status} ${asName(name)} ${asName(place.path)}:${place.line} ${failures} failures${message === '' ? '' : ` ${asData(message, 300)}`}${rows}`;
    });
  return toPage({ head: [formatSummary(summarize(results))], items, of: 'tests' }, asked.offset);
}

/** The metrics of the project: their list, one of them, or their values. */
export async function answerMetrics(asked: Asked): Promise<string> {
  const layer = readSemanticLayer(asked.snapshot);
  const list = (name: string): readonly string[] => (asked.text(name) ?? '').split(/[\s,]+/).filter(Boolean);
  const wanted = list('metrics');
  if (wanted.length > 0) {
    const where = asked.text('where');
    const answer = askMetrics(layer, { metrics: wanted, groupBy: list('groupBy'), where: where === undefined ? [] : [where], orderBy: [] });
    if (answer.kind === 'refused')
      throw new Refused(`${asData(answer.message, 600)}\nAsk metrics with name for what a metric can be grouped by.`);
    return rowsOf(asked, { kind: 'sql', sql: answer.sql });
  }
  const name = asked.text('name');
  if (name === undefined) {
    const all = listMetrics(layer);
    if (all.length === 0) throw new Refused('The project has no metrics; ask preview with SQL.');
    const items = all.map(
      (metric) =>
        `${asName(metric.name)} ${metric.type} = ${asData(metric.formula, 200)}${metric.description === '' ? '' : ` ${asData(metric.description, 120)}`}`,
    );
    return toPage({ head: [`${all.length} metrics`], items, of: 'metrics' }, asked.offset);
  }
  const found = describeMetric(layer, name);
  if (found === undefined)
    throw new Refused(
      `There is no metric '${name.slice(0, 80)}'. Try ${findNear(name, layer.metrics.keys(), 5).map(asName).join(', ') || 'metrics without input for the list'}.`,
    );
  const head = [
    `metric ${asName(found.name)} (${found.type}) ${asName(found.path)}:${found.line} = ${asData(found.formula, 400)}`,
    found.description === '' ? 'no description' : asData(found.description, 500),
    ...found.measures.map(
      (one) => `measure ${asName(one.name)}: ${asName(one.agg)} of ${asData(one.expr, 200)} in ${nameById(asked.snapshot, one.model)}`,
    ),
    ...(found.filters.length === 0 ? [] : [`filters: ${asData(found.filters.join(' and '), 400)}`]),
    ...(found.because === undefined ? [] : [`cannot be asked: ${asData(found.because)}`]),
  ];
  return toPage({ head, items: found.dimensions.map((one) => `by ${asName(one.name)}`), of: 'dimensions' }, asked.offset);
}
