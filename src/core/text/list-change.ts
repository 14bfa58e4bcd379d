/** How a list came out of an earlier one: stretches of that, from an index up to another, and what is new, in order. */
export type ListChange<Item> = readonly ({ readonly from: number; readonly to: number } | { readonly items: readonly Item[] })[];

/** What leads from one list to another; items are the same where they are the same objects. Undefined where nothing changed. */
export function findListChange<Item>(before: readonly Item[], now: readonly Item[]): ListChange<Item> | undefined {
  if (before === now) return undefined;
  const shorter = Math.min(before.length, now.length);
  let start = 0;
  while (start < shorter && before[start] === now[start]) start++;
  if (start === before.length && start === now.length) return undefined;
  let tail = 0;
  while (tail < shorter - start && before[before.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
  const indexes = new Map<Item, number>();
  for (let at = start; at < before.length - tail; at++) indexes.set(before[at] as Item, at);
  const parts: ({ from: number; to: number } | { items: Item[] })[] = start === 0 ? [] : [{ from: 0, to: start }];
  for (let at = start; at < now.length - tail; at++) {
    const item = now[at] as Item;
    const index = indexes.get(item);
    const last = parts.at(-1);
    if (index === undefined) {
      if (last !== undefined && 'items' in last) last.items.push(item);
      else parts.push({ items: [item] });
    } else if (last !== undefined && 'to' in last && last.to === index) last.to++;
    else parts.push({ from: index, to: index + 1 });
  }
  if (tail > 0) parts.push({ from: before.length - tail, to: before.length });
  return parts;
}

/** The list that a change leads to: the very list it began with where there is no change. */
export function applyListChange<Item>(before: readonly Item[], change: ListChange<Item> | undefined): readonly Item[] {
  if (change === undefined) return before;
  const now: Item[] = [];
  for (const part of change) {
    if ('items' in part) for (const item of part.items) now.push(item);
    else for (let at = part.from; at < part.to; at++) now.push(before[at] as Item);
  }
  return now;
}

/** The list with items replaced by those of an earlier one that say the same, so that what did not change is the same object. */
export function keepKnown<Item>(before: readonly Item[], now: readonly Item[], toKey: (item: Item) => string): readonly Item[] {
  if (before === now) return before;
  const shorter = Math.min(before.length, now.length);
  let start = 0;
  while (start < shorter && before[start] === now[start]) start++;
  const known = new Set(before.slice(start));
  const rest = now.slice(start);
  if (rest.every((item) => known.has(item))) return now;
  const kept = new Set(rest);
  const byKey = new Map<string, Item>();
  for (const item of known) if (!kept.has(item)) byKey.set(toKey(item), item);
  return [...now.slice(0, start), ...rest.map((item) => (known.has(item) ? item : (byKey.get(toKey(item)) ?? item)))];
}
