const piece = /'(?:[^'\\]|\\.|'')*'|"[^"]*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\//g;

/** A piece of SQL to be shown on one line, where a comment would seem to swallow what stands behind it. */
export function withoutComments(sql: string): string {
  return sql.replace(piece, (found) => (found.startsWith('--') || found.startsWith('/*') ? ' ' : found));
}
