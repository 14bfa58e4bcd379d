/**
 * The fewest of some items with which something still holds, as delta debugging finds them: first parts alone, then what is left without
 * parts, in ever smaller parts. `holds` is asked as often as it answers; undefined ends the search with what was reached by then.
 */
export async function shrink<Item>(
  items: readonly Item[],
  holds: (items: readonly Item[]) => Promise<boolean | undefined>,
): Promise<readonly Item[]> {
  let kept = items;
  const none = await holds([]);
  if (none !== false) return none === true ? [] : kept;
  let parts = 2;
  while (kept.length >= 2) {
    const size = Math.ceil(kept.length / parts);
    let smaller: readonly Item[] | undefined;
    for (const alone of parts === 2 ? [true] : [true, false]) {
      for (let start = 0; start < kept.length && smaller === undefined; start += size) {
        const tried = alone ? kept.slice(start, start + size) : [...kept.slice(0, start), ...kept.slice(start + size)];
        const answer = await holds(tried);
        if (answer === undefined) return kept;
        if (answer) {
          smaller = tried;
          parts = alone ? 2 : Math.max(2, parts - 1);
        }
      }
      if (smaller !== undefined) break;
    }
    if (smaller !== undefined) {
      kept = smaller;
      continue;
    }
    if (parts >= kept.length) break;
    parts = Math.min(kept.length, parts * 2);
  }
  return kept;
}
