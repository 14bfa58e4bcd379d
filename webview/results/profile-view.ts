import type { ColumnDetail, ResultTab, ResultView } from '../../src/protocol.ts';
import { button } from '../ui/controls.ts';
import { element, replaceChildren } from '../ui/element.ts';
import { toCellText } from './cells.ts';
import { showShare, toDistribution } from './distribution.ts';

/** What a profile asks, and what can be done with it. */
interface ProfileEvents {
  ask(column: number, signal: AbortSignal): Promise<ColumnDetail>;
  /** Shows the rows that a filter of a column keeps. */
  filter(column: number, text: string): void;
}

/** Every column of a result counted, one after the other: shares, ends, distribution, and what stands out in words. */
export class ProfileView {
  readonly root: HTMLElement;
  readonly #summary = element('div', { class: 'summary', role: 'status' });
  readonly #body = element('tbody');
  readonly #details: (ColumnDetail | undefined)[] = [];
  readonly #abort = new AbortController();
  #state: 'counting' | 'done' | 'stopped' = 'counting';

  constructor(
    private readonly tab: ResultTab,
    readonly view: ResultView,
    private readonly rowCount: number,
    private readonly events: ProfileEvents,
  ) {
    const heads = ['Column', 'Nulls', 'Distinct', 'Range', 'Mean', 'Values', 'What stands out'];
    const head = element('tr', {}, ...heads.map((name) => element('th', { scope: 'col' }, name)));
    const caption = element('caption', { class: 'hw-unseen' }, `Profile of ${tab.title}`);
    const table = element('table', {}, caption, element('thead', {}, head), this.#body);
    const scrolled = element('div', { class: 'scrolled', tabindex: 0, role: 'region', 'aria-label': `Profile of ${tab.title}` }, table);
    this.root = element('div', { class: 'profile' }, this.#summary, scrolled);
    this.#draw();
    void this.#count();
  }

  /** Lets go of what is not counted yet. */
  stop(): void {
    if (this.#state !== 'counting') return;
    this.#state = 'stopped';
    this.#abort.abort();
    this.#drawSummary();
  }

  async #count(): Promise<void> {
    try {
      for (const column of this.tab.columns.keys()) {
        this.#details[column] = await this.events.ask(column, this.#abort.signal);
        if (this.#state !== 'counting') return;
        this.#drawRow(column);
        this.#drawSummary();
      }
      this.#state = 'done';
    } catch (error) {
      this.#state = 'stopped';
      if (!this.#abort.signal.aborted) throw error;
    } finally {
      this.#drawSummary();
    }
  }

  #draw(): void {
    replaceChildren(this.#body, ...this.tab.columns.map((_, column) => this.#toRow(column)));
    this.#drawSummary();
  }

  #drawRow(column: number): void {
    this.#body.children[column]?.replaceWith(this.#toRow(column));
  }

  #drawSummary(): void {
    const { tab } = this;
    const done = this.#details.length;
    const findings = this.#details.reduce((sum, detail) => sum + (detail?.findings.length ?? 0), 0);
    const rows = `${this.rowCount.toLocaleString()} ${this.rowCount === 1 ? 'row' : 'rows'}`;
    const which = this.view.filters.length > 0 ? ' that pass the filters' : '';
    const cut = tab.truncated ? ', cut by the row limit' : '';
    const said =
      this.#state === 'counting'
        ? `Counting ${tab.columns[done]?.name ?? ''}, column ${done + 1} of ${tab.columns.length}`
        : this.#state === 'stopped'
          ? `Stopped after ${done} of ${tab.columns.length} columns`
          : findings === 0
            ? 'Nothing stands out'
            : `${findings} ${findings === 1 ? 'thing stands' : 'things stand'} out`;
    replaceChildren(
      this.#summary,
      element('strong', {}, `${rows}${which}${cut}`),
      element('span', { class: 'hw-quiet' }, said),
      this.#state === 'counting' && button('Stop', () => this.stop()),
    );
  }

  #toRow(column: number): HTMLElement {
    const { name = '', type = '' } = this.tab.columns[column] ?? {};
    const title = element('th', { scope: 'row' }, name, element('span', { class: 'type' }, type.toLowerCase()));
    const detail = this.#details[column];
    if (detail === undefined) return element('tr', { class: 'waiting' }, title, element('td', { colspan: 6 }, '…'));
    const cell = (text: string, ...more: readonly string[]): HTMLElement =>
      element('td', { class: ['number', ...more].join(' '), title: text }, text);
    const choose = (text: string): void => this.events.filter(column, text);
    const nulls =
      detail.nulls === 0
        ? element('td', { class: 'number hw-quiet' }, 'none')
        : element(
            'td',
            { class: 'number' },
            element(
              'button',
              {
                type: 'button',
                class: 'plain',
                title: `Show ${detail.nulls.toLocaleString()} rows`,
                on: { click: () => choose('is null') },
              },
              showShare(detail.nulls, this.rowCount),
            ),
          );
    const distribution = toDistribution({ name, statistics: detail, rowCount: this.rowCount, tabbable: true, choose });
    return element(
      'tr',
      {},
      title,
      nulls,
      cell(detail.unique ? 'unique' : detail.distinct.toLocaleString()),
      cell(detail.min === null ? '' : `${toCellText(detail.min)} – ${toCellText(detail.max)}`, 'range'),
      cell(detail.mean === null ? '' : Number(detail.mean.toPrecision(6)).toLocaleString(undefined, { maximumFractionDigits: 6 })),
      element('td', { class: 'values' }, distribution),
      element('td', { class: 'findings' }, ...detail.findings.map((text) => element('p', {}, text))),
    );
  }
}
