import { compareGrains } from './grain.ts';
import type { SemanticLayer, SemanticModel } from './semantic-layer.ts';
import { nameIn, Refusal, truncate } from './sql-words.ts';

/** What a SELECT is made of, laid out by `toSelect`. */
export interface SelectParts {
  readonly items: readonly { readonly sql: string; readonly name: string }[];
  readonly from: string;
  readonly joins?: readonly string[];
  readonly where?: readonly string[];
  /** How many of the first items it is grouped by. */
  readonly groups?: number;
  readonly isDistinct?: boolean;
}

const indent = '    ';

/** The text of a SELECT, a line for every part. */
export function toSelect(layer: SemanticLayer, parts: SelectParts): string {
  const items = parts.items.map(({ sql, name }) => {
    const alias = nameIn(layer.dialect, name);
    return sql === alias || sql.endsWith(`.${alias}`) ? `${indent}${sql}` : `${indent}${sql} as ${alias}`;
  });
  const lines = [parts.isDistinct === true ? 'select distinct' : 'select', items.join(',\n'), `from ${parts.from}`, ...(parts.joins ?? [])];
  const where = parts.where ?? [];
  const [only] = where;
  if (where.length === 1) lines.push(`where ${only}`);
  else if (where.length > 1)
    lines.push(
      `where\n${where.map((one, at) => `${indent}${at === 0 ? '' : 'and '}${/\bor\b/i.test(one) ? `(${one})` : one}`).join('\n')}`,
    );
  const groups = parts.groups ?? 0;
  if (groups > 0) {
    const needsText = layer.dialect === 'tsql' || layer.dialect === 'oracle';
    lines.push(
      `group by ${parts.items
        .slice(0, groups)
        .map((item, at) => (needsText ? item.sql : String(at + 1)))
        .join(', ')}`,
    );
  }
  return lines.join('\n');
}

/** The rows of a semantic model in the query: a common table expression with the columns that somebody asked for. */
export class SourceRows {
  readonly #columns = new Map<string, string>();

  constructor(
    readonly name: string,
    readonly model: SemanticModel,
  ) {}

  /** The name of the column that holds an expression; another expression of the same name gets a name of its own. */
  column(name: string, expr: string, kind: string): string {
    for (const candidate of [name, `${name}_${kind}`, `${name}_${kind}_2`, `${name}_${kind}_3`]) {
      const known = this.#columns.get(candidate);
      if (known === undefined || known === expr) {
        this.#columns.set(candidate, expr);
        return candidate;
      }
    }
    throw new Refusal(`'${this.model.name}' gives '${name}' too many meanings.`);
  }

  /** Its columns; where only rows are counted, one that says nothing. */
  get items(): readonly { readonly sql: string; readonly name: string }[] {
    if (this.#columns.size === 0) return [{ sql: '1', name: 'is_row' }];
    return [...this.#columns].map(([name, sql]) => ({ name, sql }));
  }
}

/** A query as it grows: its common table expressions by the names that say what they are. */
export class QueryText {
  readonly #names = new Set<string>();
  readonly #sources = new Map<SemanticModel, SourceRows>();
  readonly #spines = new Map<string, { readonly name: string; readonly column: string; readonly type: string; readonly sql: string }>();
  readonly #ctes: { readonly name: string; readonly sql: string }[] = [];

  constructor(readonly layer: SemanticLayer) {}

  /** A name that nothing else in the query has. */
  name(wanted: string): string {
    const short = wanted.replace(/\W+/g, '_').slice(0, 55);
    const plain = nameIn(this.layer.dialect, short) === short ? short : `rows_of_${short}`;
    let name = plain;
    for (let at = 2; this.#names.has(name); at++) name = `${plain}_${at}`;
    this.#names.add(name);
    return name;
  }

  source(model: SemanticModel): SourceRows {
    const known = this.#sources.get(model);
    if (known !== undefined) return known;
    if (model.node === undefined) throw new Refusal(`The model of the semantic model '${model.name}' does not exist.`);
    const made = new SourceRows(this.name(model.name), model);
    this.#sources.set(model, made);
    return made;
  }

  /** Adds a common table expression and gives the name it got. */
  add(wanted: string, parts: SelectParts | string): string {
    const name = this.name(wanted);
    this.#ctes.push({ name, sql: typeof parts === 'string' ? parts : toSelect(this.layer, parts) });
    return name;
  }

  /** The time spine with one row for each value of a grain. */
  spine(grain: string): { readonly name: string; readonly column: string; readonly type: string } {
    const known = this.#spines.get(grain);
    if (known !== undefined) return known;
    const { layer } = this;
    const spine = layer.spines.findLast((one) => compareGrains(one.grain, grain) <= 0);
    if (spine === undefined)
      throw new Refusal(
        layer.spines.length === 0
          ? 'This needs a time spine, and the project has none: give a model with one row per day `time_spine:` in its properties.'
          : `This needs a time spine of the ${grain} or finer, and the project has none.`,
      );
    const own = nameIn(layer.dialect, spine.column);
    const column = spine.grain === grain ? spine.column : `date_${grain}`;
    const sql = spine.grain === grain ? own : truncate(layer.dialect, grain, own, layer.typeOf(spine.node, spine.column));
    const made = {
      type: layer.typeOf(spine.node, spine.column),
      name: this.name(spine.grain === grain ? 'time_spine' : `time_spine_${grain}`),
      column: nameIn(layer.dialect, column),
      sql: toSelect(layer, { items: [{ sql, name: column }], from: layer.relationOf(spine.node), isDistinct: spine.grain !== grain }),
    };
    this.#spines.set(grain, made);
    return made;
  }

  /** The time spine with a grain of the project's own beside its usual one. */
  customSpine(grain: string): { readonly name: string; readonly column: string; readonly custom: string; readonly base: string } {
    const { layer } = this;
    const spine = layer.spines.find((one) => one.custom.some(({ name }) => name.toLowerCase() === grain));
    const custom = spine?.custom.find(({ name }) => name.toLowerCase() === grain);
    if (spine === undefined || custom === undefined) throw new Refusal(`There is no grain '${grain}'.`);
    const column = nameIn(layer.dialect, spine.column);
    const key = `custom ${grain}`;
    const known = this.#spines.get(key);
    const name = known?.name ?? this.name(`time_spine_${grain}`);
    const items = [
      { sql: column, name: spine.column },
      { sql: nameIn(layer.dialect, custom.column), name: grain },
    ];
    if (known === undefined)
      this.#spines.set(key, { name, column, type: '', sql: toSelect(layer, { items, from: layer.relationOf(spine.node) }) });
    return { name, column, custom: nameIn(layer.dialect, grain), base: spine.grain };
  }

  /** All of it, with the last SELECT. */
  toSql(last: string): string {
    const sources = [...this.#sources.values()].map(({ name, model, items }) => ({
      name,
      sql: toSelect(this.layer, { items, from: this.layer.relationOf(model.node ?? model.id) }),
    }));
    const all = [...sources, ...this.#spines.values(), ...this.#ctes];
    const text = all.map(({ name, sql }) => `${nameIn(this.layer.dialect, name)} as (\n${sql.replace(/^/gm, indent)}\n)`);
    return `with ${text.join(',\n\n')}\n\n${last}\n`;
  }
}
