import type { Name } from './ir.ts';

/** Whether a piece of a query reads a table by a plain name. */
export function readsTable(root: object, name: string): boolean {
  const pending: object[] = [root];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    const table = part as { readonly kind?: string; readonly parts?: readonly Name[] };
    if (table.kind === 'table' && table.parts?.length === 1 && table.parts[0]?.text.toLowerCase() === name.toLowerCase()) return true;
    for (const key in part) {
      const value = (part as Record<string, unknown>)[key];
      if (key !== 'span' && typeof value === 'object' && value !== null) pending.push(value);
    }
  }
  return false;
}
