/** An expression with some of its names replaced; what stands in quotes stays. */
export function replaceNames(expr: string, names: ReadonlyMap<string, string>): string {
  return expr.replace(/'(?:[^']|'')*'|"[^"]*"|`[^`]*`|[A-Za-z_]\w*|\d[\w.]*/g, (word) => names.get(word) ?? word);
}
