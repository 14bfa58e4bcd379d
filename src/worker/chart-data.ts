import type { ChartAnswer, ChartQuestion, ResultView } from '../protocol.ts';
import { type ResultTable, toName } from './result-table.ts';

/** How much of the text of a moment names its step of time. */
const lengths = { year: 4, month: 7, day: 10, hour: 13 } as const;

/** The points of a chart, counted over every row of a view where the rows lie. */
export async function readChart(table: ResultTable, view: ResultView, question: ChartQuestion): Promise<ChartAnswer> {
  const from = table.from(view);
  const [[rows = 0] = []] = await table.read(`select count(*) from ${from}`, 1);
  const all = Number(rows);
  if (question.kind === 'points') {
    const [x, y] = [toNumber(question.x), toNumber(question.y)];
    const where = `${x} is not null and ${y} is not null`;
    const [[present = 0] = []] = await table.read(`select count(*) from ${from} where ${where}`, 1);
    const found = await table.read(`select ${x}, ${y} from ${from} where ${where}`, question.limit);
    const points = found.map(([at = null, value = null]) => [Number(at), Number(value), 1] as const);
    return { points, groups: Number(present), rows: all, missing: all - Number(present) };
  }
  const { step, limit } = question;
  const x = step === 'value' ? toName(question.x) : `substr(cast(${toName(question.x)} as varchar), 1, ${lengths[step]})`;
  const y =
    question.y === undefined || question.aggregate === 'count' ? 'count(*)' : `${sums[question.aggregate]}(${toNumber(question.y)})`;
  // Time without a moment has no place on its axis.
  const where = step === 'value' ? '' : ` where ${toName(question.x)} is not null`;
  const grouped = `select ${x} as x, ${y} as y, count(*) as n from ${from}${where} group by 1`;
  const [[groups = 0, present = 0] = []] = await table.read(`select count(*), coalesce(sum(n), 0) from (${grouped}) as g`, 1);
  const order = step === 'value' ? 'y desc nulls last, x' : 'x';
  const found = await table.read(`select x, y, n from (${grouped}) as g order by ${order}`, limit);
  const points = found.map(([at = null, value = null, n = 0]) => [at, value === null ? null : Number(value), Number(n)] as const);
  return { points, groups: Number(groups), rows: all, missing: all - Number(present) };
}

const sums = { sum: 'sum', mean: 'avg' } as const;

const toNumber = (column: number): string => `cast(${toName(column)} as double precision)`;
