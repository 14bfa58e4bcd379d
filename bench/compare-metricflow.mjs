// Asks Headwater and MetricFlow the same questions about metrics and compares rows and refusals.
//
//   python3 -m venv ENV && ENV/bin/pip install 'dbt-core<1.11' 'dbt-metricflow[dbt-duckdb]'
//   node bench/compare-metricflow.mjs --python ENV/bin/python --project DIR [--project DIR …] [--most N] [--show]
//
// Each DIR is a dbt project on DuckDB that `dbt build` has run in. Questions are made from what each metric can be grouped by, with a fixed order,
// and taken from DIR/questions.json where there is one. It is never part of `npm test`.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const args = process.argv.slice(2);
const values = (name) => args.flatMap((word, at) => (word === `--${name}` ? [args[at + 1]] : []));
const python = values('python')[0] ?? 'python3';
const most = Number(values('most')[0] ?? 100);
const engine = values('engine')[0] ?? 'duckdb';

/** Numbers that give the same choices in every run. */
function makeChooser(seed) {
  let state = seed;
  return (list) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return list[Math.floor((state / 2147483648) * list.length)];
  };
}

function headwater(project, command, input = '') {
  const { stdout, stderr } = spawnSync('node', [join(root, 'dist/cli.js'), 'metrics', ...command, '--project', project, '--json'], {
    encoding: 'utf8',
    input,
    maxBuffer: 1 << 29,
  });
  return stdout === '' ? stderr : stdout;
}

/** A dimension as filters of properties files name it: the last two words, and the entities on the way there. */
function toCall(name) {
  const words = name.split('__');
  const path = words.slice(0, -2).map((word) => `'${word}'`);
  return `{{ Dimension('${words.slice(-2).join('__')}'${path.length === 0 ? '' : `, entity_path=[${path.join(', ')}]`}) }}`;
}

/** Questions about each metric, two at a time too, by times and dimensions, some with a condition. */
function makeQuestions(project) {
  const choose = makeChooser(7);
  const { metrics } = JSON.parse(headwater(project, ['list']));
  const described = metrics.filter((one) => one.dimensions.length > 0);
  const questions = [];
  const add = (question) => questions.push({ id: questions.length, where: [], orderBy: [], groupBy: [], ...question });
  for (const { name, dimensions } of described) {
    const items = dimensions.filter((one) => one.name !== 'metric_time' && one.kind !== 'time').map((one) => one.name);
    const times = dimensions.filter((one) => one.kind === 'time').map((one) => one.name);
    add({ metrics: [name] });
    add({ metrics: [name], groupBy: ['metric_time'] });
    add({ metrics: [name], groupBy: [`metric_time__${choose(['month', 'quarter', 'year', 'week'])}`] });
    if (items.length > 0) {
      const item = choose(items);
      add({ metrics: [name], groupBy: ['metric_time__day', item] });
      add({ metrics: [name], groupBy: [choose(items)], where: [`{{ TimeDimension('metric_time', 'day') }} >= '2020-01-01'`] });
      const dunder = items.filter((one) => one.includes('__'));
      if (dunder.length > 0) add({ metrics: [name], groupBy: ['metric_time__month'], where: [`${toCall(choose(dunder))} IS NOT NULL`] });
    }
    const other = choose(described);
    if (other.name !== name) add({ metrics: [name, other.name], groupBy: [choose(['metric_time__day', 'metric_time__month'])] });
    if (times.length > 1) add({ metrics: [name], groupBy: [choose(times.filter((one) => one !== 'metric_time'))] });
  }
  // What cannot be asked: both must say so.
  const [first] = described;
  if (first !== undefined) {
    add({ metrics: [first.name], groupBy: ['nothing__like_this'] });
    add({ metrics: ['no_such_metric'] });
    add({ metrics: [first.name], groupBy: ['metric_time__day'], orderBy: ['elsewhere'] });
  }
  const own = join(project, 'questions.json');
  const picked = existsSync(own) ? JSON.parse(readFileSync(own, 'utf8')) : [];
  for (const question of picked) add(question);
  const step = Math.max(1, questions.length / most);
  return questions.filter(
    (question, at) => at >= questions.length - picked.length - 3 || Math.floor(at / step) !== Math.floor((at - 1) / step),
  );
}

/** A cell so that equal ones are equal texts: moments without the midnight, numbers to ten digits. */
function toCell(value) {
  if (value === null || value === undefined || value === 'NaT' || value === 'nan') return 'null';
  if (typeof value === 'boolean') return value ? '1' : '0';
  const text = String(value);
  if (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return String(Number(Number(text).toPrecision(10)));
  if (text === 'True' || text === 'true') return '1';
  if (text === 'False' || text === 'false') return '0';
  return text
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
    .replace(/[T ]00:00:00$/, '');
}

const toRows = ({ columns, rows }, order) => rows.map((row) => order.map((name) => toCell(row[columns.indexOf(name)])).join('|')).sort();

let [equal, refused, total] = [0, 0, 0];
for (const project of values('project')) {
  const questions = makeQuestions(project);
  const lines = questions.map((question) => `${JSON.stringify(question)}\n`).join('');
  const read = (text) =>
    new Map(
      text
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => [JSON.parse(line).id, JSON.parse(line)]),
    );
  const ours = read(headwater(project, ['query', '--batch', '--engine', engine], lines));
  const peer = spawnSync(python, [join(root, 'bench/metricflow-peer.py'), project], { encoding: 'utf8', input: lines, maxBuffer: 1 << 29 });
  const theirs = read(peer.stdout);
  if (theirs.size === 0) console.log(peer.stderr.slice(-2000));
  let [same, both] = [0, 0];
  for (const question of questions) {
    const [one, other] = [ours.get(question.id), theirs.get(question.id)];
    const what = `${question.metrics.join(',')} by ${question.groupBy.join(',')} ${question.where.join(' and ')}`;
    if (one === undefined || other === undefined) console.log(`? ${what}: no answer`);
    else if (one.refused !== undefined && other.refused !== undefined) both++;
    else if (one.refused !== undefined) console.log(`- ${what}\n    only we refuse: ${one.refused}`);
    else if (other.refused !== undefined)
      console.log(`+ ${what}\n    only MetricFlow refuses: ${other.refused.replace(/\s+/g, ' ').slice(0, 300)}`);
    else if (one.error !== undefined) console.log(`! ${what}\n    ${one.error}`);
    else {
      const [mine, its] = [toRows(one, other.columns), toRows(other, other.columns)];
      if (JSON.stringify(mine) === JSON.stringify(its)) same++;
      else {
        const [inOurs, inTheirs] = [new Set(mine), new Set(its)];
        const [more, less] = [mine.filter((row) => !inTheirs.has(row)), its.filter((row) => !inOurs.has(row))];
        console.log(
          `x ${what}\n    ${mine.length} rows of ours, ${its.length} of MetricFlow; ours only: ${more.slice(0, 3).join('  ')}; theirs only: ${less.slice(0, 3).join('  ')}`,
        );
        if (args.includes('--show')) console.log(`${one.sql}\n-- MetricFlow\n${other.sql}`);
      }
    }
  }
  console.log(`${project}: ${same} of ${questions.length} with equal rows, ${both} refused by both`);
  equal += same;
  refused += both;
  total += questions.length;
}
console.log(`all: ${equal} of ${total} with equal rows, ${refused} refused by both, ${total - equal - refused} that differ`);
