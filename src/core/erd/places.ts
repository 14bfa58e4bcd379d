/** Where an entity stands. */
export interface EntityPlace {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

/** As many places are read from a file. */
const mostPlaces = 5000;

/** The places that a file holds; whatever is no place in it is left out. */
export function readPlaces(text: string): readonly EntityPlace[] {
  const parsed = parse(text);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return [];
  return Object.entries(parsed as Record<string, unknown>)
    .slice(0, mostPlaces)
    .flatMap(([id, at]) => {
      const [x, y]: unknown[] = Array.isArray(at) ? at : [];
      return typeof x === 'number' && typeof y === 'number' && Number.isFinite(x) && Number.isFinite(y) ? [{ id, x, y }] : [];
    });
}

/** The places as a file: one entity a line, in the order of their ids, so that moving one changes one line. */
export function writePlaces(places: readonly EntityPlace[]): string {
  const sorted = [...places].sort((a, b) => (a.id < b.id ? -1 : 1));
  const lines = sorted.map(({ id, x, y }) => `  ${JSON.stringify(id)}: [${Math.round(x)}, ${Math.round(y)}]`);
  return lines.length === 0 ? '{}\n' : `{\n${lines.join(',\n')}\n}\n`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
