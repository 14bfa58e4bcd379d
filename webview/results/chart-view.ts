import type { ChartAnswer, ChartQuestion, ColumnStatistics, ResultTab, ResultView } from '../../src/protocol.ts';
import { button } from '../ui/controls.ts';
import { element, replaceChildren } from '../ui/element.ts';
import { toCellText } from './cells.ts';
import { type ChartChoice, type ChartColumn, chooseChart, chooseStep } from './chart-choice.ts';
import { toPng, toSvgText } from './chart-export.ts';
import { type ChartKind, type ChartPicture, drawPicture } from './chart-picture.ts';
import { toStep } from './distribution.ts';

/** What a chart asks and tells. */
interface ChartEvents {
  ask(question: ChartQuestion): Promise<ChartAnswer>;
  statistics(column: number): Promise<ColumnStatistics>;
  copyText(text: string): void;
  /** What is drawn was chosen by hand: the next chart of the same columns begins with it. */
  chosen(choice: ChartChoice): void;
}

const kinds: readonly (readonly [ChartKind, string])[] = [
  ['line', 'Line over time'],
  ['bars', 'Bars'],
  ['histogram', 'Histogram'],
  ['scatter', 'Scatter'],
];

/** A chart shows no more than that, and says so. */
const mostBars = 40;
const mostPoints = 3000;

/** What was counted, made ready to be drawn, and what a reader has to know of it. */
interface Drawable extends Pick<ChartPicture, 'points' | 'xLabel' | 'yLabel'> {
  readonly notes: readonly string[];
}

/** A result as a picture: what fits its columns, or what is chosen, over every row of the view. */
export class ChartView {
  readonly root = element('div', { class: 'chart' });
  readonly #tools = element('div', { class: 'chart-tools', role: 'toolbar', 'aria-label': 'Chart' });
  readonly #place = element('div', { class: 'chart-place' });
  readonly #caption = element('div', { class: 'chart-caption hw-quiet', role: 'status' });
  #choice: ChartChoice | undefined;
  #svg: SVGSVGElement | undefined;
  #drawn = 0;

  constructor(
    private readonly tab: ResultTab,
    readonly view: ResultView,
    private readonly columns: readonly ChartColumn[],
    choice: ChartChoice | undefined,
    private readonly events: ChartEvents,
  ) {
    this.#choice = choice ?? chooseChart(columns);
    this.root.append(this.#tools, this.#place, this.#caption);
    this.#drawTools();
    // The place has its size once it is in the page.
    requestAnimationFrame(() => void this.#draw());
  }

  #choose(change: Partial<ChartChoice>): void {
    if (this.#choice === undefined) return;
    this.#choice = { ...this.#choice, ...change };
    this.events.chosen(this.#choice);
    this.#drawTools();
    void this.#draw();
  }

  #drawTools(): void {
    const choice = this.#choice;
    if (choice === undefined) return;
    const { kind, x, y, aggregate } = choice;
    const all = this.columns.map(({ name }, at) => [String(at), name] as const);
    const numbers = all.filter((_, at) => this.columns[at]?.kind === 'number');
    const times = all.filter((_, at) => this.columns[at]?.kind === 'date');
    const across = kind === 'line' ? times : kind === 'bars' ? all : numbers;
    const toX = (): string => (kind === 'line' ? 'Time' : kind === 'bars' ? 'Each' : kind === 'scatter' ? 'Across' : 'Values of');
    replaceChildren(
      this.#tools,
      toSelect('Chart', kinds, kind, (value) => this.#choose(this.#fit(value as ChartKind))),
      toSelect(toX(), across, String(x), (value) => this.#choose({ x: Number(value) })),
      kind !== 'histogram' &&
        toSelect(
          kind === 'scatter' ? 'Up' : 'Shows',
          [...(kind === 'scatter' ? [] : ([['', 'number of rows']] as const)), ...numbers],
          y === undefined ? '' : String(y),
          (value) =>
            this.#choose(value === '' ? { y: undefined } : { y: Number(value), aggregate: aggregate === 'count' ? 'sum' : aggregate }),
        ),
      (kind === 'line' || kind === 'bars') &&
        y !== undefined &&
        toSelect('As', [['sum', 'sum'] as const, ['mean', 'mean'] as const], aggregate, (value) =>
          this.#choose({ aggregate: value as ChartChoice['aggregate'] }),
        ),
      element('span', { class: 'hw-spring' }),
      button('Copy SVG', () => this.#svg && this.events.copyText(toSvgText(this.#svg))),
      button('Copy PNG', () => void this.#copyPng()),
    );
  }

  /** A choice of another kind with columns that it can show. */
  #fit(kind: ChartKind): Partial<ChartChoice> {
    const of = (wanted: ChartColumn['kind']): number[] => this.columns.flatMap((column, at) => (column.kind === wanted ? [at] : []));
    const numbers = of('number');
    const fits = kind === 'line' ? of('date') : kind === 'bars' ? [...this.columns.keys()] : numbers;
    const x = this.#choice !== undefined && fits.includes(this.#choice.x) ? this.#choice.x : (fits[0] ?? -1);
    const y = kind === 'scatter' ? (numbers.find((at) => at !== x) ?? x) : this.#choice?.y;
    return { kind, x, y };
  }

  async #draw(): Promise<void> {
    const turn = ++this.#drawn;
    const choice = this.#choice;
    const found = choice === undefined || choice.x < 0 ? 'no columns that it could show' : await this.#read(choice);
    if (turn !== this.#drawn) return;
    if (choice === undefined || typeof found === 'string') {
      const name = kinds.find(([kind]) => kind === choice?.kind)?.[1] ?? 'A chart';
      this.#svg = undefined;
      replaceChildren(this.#place, element('div', { class: 'hw-empty' }, `${name}: ${String(found)}.`));
      replaceChildren(this.#caption);
      return;
    }
    const style = getComputedStyle(document.body);
    const svg = await drawPicture({
      kind: choice.kind,
      ...found,
      width: Math.max(320, this.#place.clientWidth - 28),
      height: Math.max(160, this.#place.clientHeight - 8),
      ink: style.getPropertyValue('--vscode-foreground') || style.color,
      mark: style.getPropertyValue('--vscode-charts-blue') || style.color,
      ground: style.getPropertyValue('--vscode-panel-background') || style.backgroundColor,
      font: style.fontFamily,
    });
    if (turn !== this.#drawn) return;
    const [first, last] = [found.points[0], found.points.at(-1)];
    const ends = first === undefined || last === undefined ? '' : `, from ${show(first[0])} to ${show(last[0])}`;
    svg.setAttribute('role', 'img');
    svg.setAttribute(
      'aria-label',
      `${found.yLabel} by ${found.xLabel}: ${found.points.length} points${choice.kind === 'bars' ? '' : ends}`,
    );
    this.#svg = svg;
    replaceChildren(this.#place, svg);
    const cut = this.tab.truncated ? ['Only the rows that the row limit kept are counted.'] : [];
    replaceChildren(this.#caption, [...found.notes, ...cut].join(' '));
  }

  /** What is drawn, or why there is nothing to draw. */
  async #read(choice: ChartChoice): Promise<Drawable | string> {
    const { kind, x, y, aggregate } = choice;
    const xLabel = this.columns[x]?.name ?? '';
    if (kind === 'histogram') return this.#readHistogram(x, xLabel);
    if (kind === 'scatter') {
      if (y === undefined) return 'it needs two columns of numbers';
      const answer = await this.events.ask({ kind: 'points', x, y, limit: mostPoints });
      const points = answer.points.map(([at, value]) => [Number(at), value ?? 0] as const);
      const cut =
        answer.groups > points.length ? [`The first ${points.length.toLocaleString()} of ${answer.groups.toLocaleString()} rows.`] : [];
      return { points, xLabel, yLabel: this.columns[y]?.name ?? '', notes: [...cut, ...toMissing(answer, 'with a NULL')] };
    }
    const isLine = kind === 'line';
    const { min, max } = isLine ? await this.events.statistics(x) : { min: null, max: null };
    if (isLine && !/^\d{4}-\d\d/.test(String(min))) return 'there is no date in this column';
    const step = isLine ? chooseStep(String(min), String(max)) : 'value';
    const of = y === undefined ? 'count' : aggregate;
    const answer = await this.events.ask({ kind: 'groups', x, step, y, aggregate: of, limit: isLine ? mostPoints : mostBars });
    const isPlain = of !== 'count' && answer.points.every(([, , rows]) => rows === 1);
    const measured = this.columns[y ?? -1]?.name ?? '';
    const yLabel = of === 'count' ? 'number of rows' : isPlain ? measured : `${of} of ${measured}`;
    const points = answer.points.flatMap(([at, value]) =>
      value === null ? [] : [[isLine ? toDate(String(at)) : toCellText(at), value] as const],
    );
    const cut =
      answer.groups > answer.points.length
        ? [`The ${isLine ? 'first' : 'greatest'} ${answer.points.length.toLocaleString()} of ${answer.groups.toLocaleString()}.`]
        : [];
    return {
      points,
      xLabel: isLine && step !== 'day' ? `${xLabel}, by ${step}` : xLabel,
      yLabel,
      notes: [...cut, ...toMissing(answer, 'without a moment')],
    };
  }

  async #readHistogram(x: number, xLabel: string): Promise<Drawable | string> {
    const { histogram, top, min, max, nulls } = await this.events.statistics(x);
    const notes = nulls > 0 ? [`${nulls.toLocaleString()} rows with NULL are left out.`] : [];
    const yLabel = 'number of rows';
    if (histogram.length > 1) {
      const [low, high] = [Number(min), Number(max)];
      const width = (high - low) / histogram.length;
      const points = histogram.map(
        (count, at) => [low + at * width, count, at === histogram.length - 1 ? high : low + (at + 1) * width] as const,
      );
      return {
        points,
        xLabel,
        yLabel,
        notes: [`In steps such as ${toStep(low, high, histogram.length, 0).map(round).join(' to ')}.`, ...notes],
      };
    }
    if (top.length === 0) return 'too few different numbers, or none: try bars';
    const values = top.map(({ value, count }) => [Number(value) - 0.4, count, Number(value) + 0.4] as const);
    return { points: values, xLabel, yLabel, notes: [`The ${top.length} most frequent values.`, ...notes] };
  }

  async #copyPng(): Promise<void> {
    if (this.#svg === undefined) return;
    const style = getComputedStyle(document.body);
    const blob = await toPng(this.#svg, style.getPropertyValue('--vscode-panel-background') || style.backgroundColor);
    const said = await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]).then(
      () => 'Copied as PNG.',
      (error: Error) => `The clipboard takes no picture here (${error.message}): copy the SVG.`,
    );
    replaceChildren(this.#caption, said);
  }
}

function toSelect(
  label: string,
  choices: readonly (readonly [string, string])[],
  value: string,
  change: (value: string) => void,
): HTMLElement {
  const options = choices.map(([key, shown]) => element('option', { value: key, selected: key === value }, shown));
  const select = element('select', { on: { change: (event) => change((event.target as HTMLSelectElement).value) } }, ...options);
  return element('label', {}, element('span', { class: 'hw-quiet' }, label), select);
}

function toMissing({ missing }: ChartAnswer, why: string): readonly string[] {
  return missing === 0
    ? []
    : [`${missing.toLocaleString()} ${missing === 1 ? 'row' : 'rows'} ${why} ${missing === 1 ? 'is' : 'are'} left out.`];
}

/** The first moment of a step of time, in no zone but its own. */
function toDate(text: string): Date {
  const [date = '', hour] = text.split(/[ T]/);
  const [year = '1970', month = '01', day = '01'] = date.split('-');
  return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour ?? 0)));
}

function round(value: number): string {
  return value.toLocaleString(undefined, { maximumSignificantDigits: 4 });
}

function show(value: Date | number | string): string {
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value);
}
