import { toResultColumns } from '../../core/engine/result-columns.ts';
import { askMetrics, type MetricQuestion } from '../../core/metrics/ask.ts';
import { describeMetric, listMetrics } from '../../core/metrics/describe.ts';
import { keyOf, readGroupBy } from '../../core/metrics/item.ts';
import { readSemanticLayer } from '../../core/metrics/read-layer.ts';
import type { SemanticLayer } from '../../core/metrics/semantic-layer.ts';
import { withNearest } from '../../core/text/nearest.ts';
import { secondsOfLine } from '../allowance.ts';
import { type Command, exitCodes, type Invocation, type OptionSpec, UsageError } from '../command.ts';
import { engineOption, readEngine, timeoutOption } from '../engine.ts';
import { type OpenedProject, openProject } from '../project.ts';
import { openSession, previewWith } from '../session.ts';
import { answerLines } from '../supervised.ts';
import { printable } from './sql-run.ts';

const usualLimit = 500;
const mostOfLine = 100_000;

/** `headwater metrics list`: every metric, with what it is made of in words. */
export const metricsListCommand: Command = {
  name: 'metrics list',
  summary: 'List the metrics of the project.',
  usage: 'headwater metrics list [--project DIR]',
  options: [],
  async run(invocation) {
    const layer = readSemanticLayer((await openProject(invocation)).snapshot);
    const metrics = listMetrics(layer).map((metric) => ({
      ...metric,
      dimensions: (describeMetric(layer, metric.name)?.dimensions ?? []).map(({ name, kind }) => ({ name, kind })),
    }));
    const savedQueries = layer.savedQueries.map(({ id, name, description, metrics: asked, groupBy, where }) => ({
      id,
      name,
      description,
      metrics: asked,
      groupBy: groupBy.map((text) => keyOf(readGroupBy(text, layer))),
      where,
    }));
    invocation.print(`${JSON.stringify({ version: 1, metrics, savedQueries })}\n`);
    return metrics.length === 0 ? exitCodes.findings : exitCodes.fine;
  },
};

/** `headwater metrics describe`: one metric with its measures and all that it can be grouped by. */
export const metricsDescribeCommand: Command = {
  name: 'metrics describe',
  summary: 'Tell what a metric is made of and what it can be grouped by.',
  usage: 'headwater metrics describe NAME [--project DIR]',
  options: [],
  names: 'NAME',
  async run(invocation) {
    const [name, second] = invocation.positional;
    if (name === undefined || second !== undefined) throw new UsageError("'headwater metrics describe' needs the name of one metric.");
    const layer = readSemanticLayer((await openProject(invocation)).snapshot);
    const found = describeMetric(layer, name);
    if (found === undefined) {
      invocation.say(withNearest(`There is no metric '${name}'.`, name, layer.metrics.keys()));
      return exitCodes.findings;
    }
    invocation.print(`${JSON.stringify({ version: 1, ...found })}\n`);
    return exitCodes.fine;
  },
};

const queryOptions: readonly OptionSpec[] = [
  { name: 'metrics', value: 'A,B', summary: 'the metrics to compute', takesMany: true },
  { name: 'saved-query', value: 'NAME', summary: 'ask what a saved query asks; the other options add to it' },
  { name: 'group-by', value: 'X,Y', summary: 'dimensions and entities: account__industry, metric_time__month', takesMany: true },
  { name: 'where', value: 'EXPR', summary: "a condition: \"account__industry = 'Retail'\", or with {{ Dimension('account__industry') }}" },
  { name: 'order-by', value: 'X,-Y', summary: 'names of the answer, - for the largest first', takesMany: true },
  { name: 'limit', value: 'N', summary: `rows to give, at most (default: ${usualLimit})` },
  { name: 'compile', summary: 'give the SQL only, and run nothing' },
  {
    name: 'batch',
    summary: 'read {"id","metrics","groupBy","where","orderBy","limit"} lines, answer {"id","columns","rows","sql"} or {"id","refused"}',
  },
  engineOption,
  timeoutOption,
];

/** `headwater metrics query`: metrics by dimensions, as SQL in the project's dialect and as rows over the project's own data. */
export const metricsQueryCommand: Command = {
  name: 'metrics query',
  summary: 'Compute metrics by dimensions over the seeds.',
  usage:
    'headwater metrics query --metrics A,B [--group-by X,Y__month] [--where EXPR] [--order-by X] [--limit N] [--compile] [--engine NAME]',
  options: queryOptions,
  async run(invocation) {
    const wanted = readEngine(invocation.option('engine'));
    const opened = await openProject(invocation);
    const layer = readSemanticLayer(opened.snapshot);
    if (invocation.flag('batch')) return batch(opened, layer, wanted === 'duckdb' ? 'duckdb' : 'sqlite');
    const answer = askMetrics(layer, readQuestion(invocation, layer));
    if (answer.kind === 'refused') {
      invocation.say(answer.message);
      invocation.print(
        `${JSON.stringify({ version: 1, columns: [], rows: [], rowCount: 0, truncated: false, notes: [answer.message], problems: [], refused: answer.message })}\n`,
      );
      return exitCodes.findings;
    }
    if (!invocation.flag('compile')) return run(invocation, opened, answer.sql, wanted);
    invocation.print(
      invocation.flag('json') ? `${JSON.stringify({ version: 1, sql: answer.sql, columns: answer.columns })}\n` : answer.sql,
    );
    return exitCodes.fine;
  },
};

async function run(invocation: Invocation, opened: OpenedProject, sql: string, wanted: ReturnType<typeof readEngine>): Promise<number> {
  const limit = readLimit(invocation) ?? usualLimit;
  const { answer, engine, because } = await previewWith(opened, { kind: 'sql', sql }, {}, wanted);
  if (answer.kind === 'failed') {
    for (const problem of answer.problems) invocation.say(problem.message);
    invocation.print(
      `${JSON.stringify({ version: 1, columns: [], rows: [], rowCount: 0, truncated: false, engine, notes: [...because, ...answer.notes], problems: answer.problems, sql })}\n`,
    );
    return exitCodes.findings;
  }
  const { result } = answer;
  const rows = (await result.page(0, limit)).map((row) => row.map(printable));
  const notes = [...because, ...result.notes];
  for (const note of notes) invocation.say(note);
  invocation.print(
    `${JSON.stringify({ version: 1, columns: toResultColumns(result.table.columns, opened.snapshot.project.dialect), rows, rowCount: result.rowCount, truncated: result.rowCount > rows.length, engine, notes, problems: [], sql })}\n`,
  );
  return exitCodes.fine;
}

/** Answers one question a line over one engine, so that what is built for one is there for the next. */
async function batch(opened: OpenedProject, layer: SemanticLayer, engine: 'sqlite' | 'duckdb'): Promise<number> {
  const session = await openSession(opened, {}, engine);
  await answerLines(secondsOfLine, async (line) => {
    let id: unknown = null;
    try {
      const asked = JSON.parse(line) as Partial<MetricQuestion> & { readonly id?: unknown };
      id = asked.id ?? null;
      const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
      const question = {
        metrics: list(asked.metrics),
        groupBy: list(asked.groupBy),
        where: list(asked.where),
        orderBy: list(asked.orderBy),
      };
      const answer = askMetrics(layer, typeof asked.limit === 'number' ? { ...question, limit: asked.limit } : question);
      if (answer.kind === 'refused') return JSON.stringify({ id, refused: answer.message });
      const done = await session.preview({ kind: 'sql', sql: answer.sql });
      if (done.kind === 'failed')
        return JSON.stringify({ id, error: done.problems.map(({ message }) => message).join(' '), sql: answer.sql });
      const rows = (await done.result.page(0, mostOfLine)).map((row) => row.map(printable));
      return JSON.stringify({ id, columns: done.result.columns.map(({ name }) => name), rows, sql: answer.sql });
    } catch (error) {
      return JSON.stringify({ id, error: error instanceof Error ? error.message : String(error) });
    }
  });
  return exitCodes.fine;
}

function readLimit(invocation: Invocation): number | undefined {
  const written = invocation.option('limit');
  const limit = written === undefined ? undefined : Number(written);
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 0))
    throw new UsageError(`'--limit' needs a number of rows, not '${written}'.`);
  return limit;
}

function readQuestion(invocation: Invocation, layer: SemanticLayer): MetricQuestion {
  const list = (name: string): readonly string[] => (invocation.option(name) ?? '').split(/[\s,]+/).filter((word) => word !== '');
  const saved = savedQuery(invocation.option('saved-query'), layer);
  const metrics = [...(saved?.metrics ?? []), ...list('metrics')];
  if (metrics.length === 0) throw new UsageError("'headwater metrics query' needs --metrics or --saved-query.");
  const where = invocation.option('where');
  const limit = readLimit(invocation) ?? saved?.limit;
  return {
    metrics,
    groupBy: [...(saved?.groupBy.map((text) => keyOf(readGroupBy(text, layer))) ?? []), ...list('group-by')],
    where: [...(saved?.where ?? []), ...(where === undefined ? [] : [where])],
    orderBy: (invocation.option('order-by') ?? '').split(',').filter((word) => word.trim() !== ''),
    ...(limit === undefined ? {} : { limit }),
  };
}

function savedQuery(name: string | undefined, layer: SemanticLayer) {
  if (name === undefined) return undefined;
  const found = layer.savedQueries.find((one) => one.name === name);
  const names = layer.savedQueries.map((one) => one.name);
  if (found === undefined) throw new UsageError(withNearest(`There is no saved query '${name}'.`, name, names));
  return found;
}
