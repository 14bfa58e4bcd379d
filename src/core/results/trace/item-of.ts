import type { Expression, SelectItem } from '../../sql/ir.ts';
import type { Input, SelectStage } from './stage.ts';
import { columnOf, findKind, ours } from './tree.ts';

/** What computes a column of a stage, by its name; undefined where it cannot be told. */
export function itemOf(stage: SelectStage, column: string): Expression | undefined {
  const { items } = stage.select;
  const wanted = column.toLowerCase();
  for (const item of items) {
    const found =
      item.kind === 'item' ? (nameOf(item)?.toLowerCase() === wanted ? item.expression : undefined) : fromStar(item, stage.inputs, wanted);
    if (found !== undefined) return found;
  }
  if (items.some((item) => item.kind === 'star')) return undefined;
  const names = stage.table.columns.filter(({ name }) => !name.startsWith(ours)).map(({ name }) => name.toLowerCase());
  const item = items[names.indexOf(wanted)];
  return item?.kind === 'item' ? item.expression : undefined;
}

function nameOf(item: Extract<SelectItem, { kind: 'item' }>): string | undefined {
  if (item.alias !== undefined) return item.alias.text;
  return item.expression.kind === 'column' ? item.expression.parts.at(-1)?.text : undefined;
}

function fromStar(item: Extract<SelectItem, { kind: 'star' }>, inputs: readonly Input[], wanted: string): Expression | undefined {
  const replaced = item.replace.find(({ name }) => name.text.toLowerCase() === wanted);
  if (replaced !== undefined) return replaced.expression;
  if (item.except.some((name) => name.text.toLowerCase() === wanted)) return undefined;
  const renamed = item.rename.find(({ to }) => to.text.toLowerCase() === wanted);
  const name = renamed?.from.text.toLowerCase() ?? wanted;
  const qualifier = item.qualifier.at(-1)?.text.toLowerCase();
  for (const input of inputs) {
    if (qualifier !== undefined && input.name.text.toLowerCase() !== qualifier) continue;
    const found = input.columns.find((column) => column.toLowerCase() === name);
    if (found !== undefined) return columnOf(input.name.text, found);
  }
  return undefined;
}

/** The columns of inputs that expressions read, by the input's position; names in lower case. */
export function columnsRead(inputs: readonly Input[], expressions: readonly unknown[]): ReadonlyMap<number, ReadonlySet<string>> {
  const read = new Map<number, Set<string>>();
  const add = (at: number, column: string): void => {
    const columns = read.get(at) ?? new Set();
    columns.add(column);
    read.set(at, columns);
  };
  for (const column of findKind(expressions, 'column')) {
    const parts = column.parts.map((part) => part.text.toLowerCase());
    const qualified = inputs.flatMap((input, at) => {
      const label = parts.lastIndexOf(input.name.text.toLowerCase(), parts.length - 2);
      const name = label === -1 ? undefined : parts[label + 1];
      return name !== undefined && input.columns.some((one) => one.toLowerCase() === name) ? [{ at, name }] : [];
    });
    if (qualified.length > 0) for (const { at, name } of qualified) add(at, name);
    else
      for (const [at, input] of inputs.entries()) if (input.columns.some((one) => one.toLowerCase() === parts[0])) add(at, parts[0] ?? '');
  }
  return read;
}
