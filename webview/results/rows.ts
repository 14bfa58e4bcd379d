import type { ResultPage, ResultView, ShownCell } from '../../src/protocol.ts';

const pageSize = 200;
const pagesKept = 60;

type Row = readonly ShownCell[];

/** The rows of one view near where the user looks; the rest stays with the engine. */
export class Rows {
  readonly #pages = new Map<number, readonly Row[]>();
  readonly #asked = new Set<number>();
  #rowCount: number;

  constructor(
    readonly view: ResultView,
    rowCount: number,
    private readonly ask: (view: ResultView, offset: number, limit: number) => Promise<ResultPage>,
    private readonly arrived: () => void,
  ) {
    this.#rowCount = rowCount;
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  /** A row, or undefined while it is on its way. */
  row(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / pageSize))?.[index % pageSize];
  }

  /** Values of a column among the rows that are here. */
  sample(column: number): ShownCell[] {
    const [first] = this.#pages.values();
    return (first ?? []).map((row) => row[column] ?? null);
  }

  /** Resolves when the page of a row is here. */
  async ready(row: number): Promise<void> {
    const page = Math.floor(row / pageSize);
    if (!this.#pages.has(page)) await this.#fetch(page);
  }

  /** Asks for the pages around a range of rows that are not here yet, and lets go of those far away. */
  want(from: number, to: number): void {
    const first = Math.max(0, Math.floor(from / pageSize));
    const last = Math.floor(Math.max(from, to - 1) / pageSize);
    for (let page = first; page <= last; page++) if (!this.#pages.has(page) && !this.#asked.has(page)) void this.#fetch(page);
    if (this.#pages.size <= pagesKept) return;
    const far = [...this.#pages.keys()].sort((a, b) => Math.abs(b - first) - Math.abs(a - first));
    for (const page of far.slice(0, this.#pages.size - pagesKept)) this.#pages.delete(page);
  }

  async #fetch(page: number): Promise<void> {
    this.#asked.add(page);
    try {
      const answer = await this.ask(this.view, page * pageSize, pageSize);
      this.#pages.set(page, answer.rows);
      this.#rowCount = answer.rowCount;
      this.arrived();
    } finally {
      this.#asked.delete(page);
    }
  }
}
