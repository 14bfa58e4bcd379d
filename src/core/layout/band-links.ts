import type { Link } from './picture.ts';

/** Where a group, or the frame of an opened one, stands. */
export interface BandPlace {
  readonly column: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The card that stands for it, or the first in its frame. */
  readonly card: number;
}

/** A column of the overview: where it stands, and the middles of the gaps between its groups, above and below them included. */
export interface BandColumn {
  readonly x: number;
  readonly width: number;
  readonly gaps: readonly number[];
}

/** How many edges lead from one group to another. */
export interface Weight {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

/** Links between columns, and inside one, beyond which the lighter ones are left out and counted. */
const most = { between: 60, inside: 16 };

/** The heaviest links between groups, led through the gaps of the columns they pass; `left` is how many are not drawn. */
export function toBandLinks(
  weights: readonly Weight[],
  places: ReadonlyMap<string, BandPlace>,
  columns: readonly BandColumn[],
): { readonly links: readonly Link[]; readonly left: number } {
  const heaviest = [...weights].sort((a, b) => b.count - a.count || (a.from + a.to < b.from + b.to ? -1 : 1));
  const isInside = ({ from, to }: Weight): boolean => places.get(from)!.column === places.get(to)!.column;
  const drawn = [
    ...heaviest.filter((weight) => !isInside(weight)).slice(0, most.between),
    ...heaviest.filter(isInside).slice(0, most.inside),
  ];
  const ends = spreadEnds(drawn, places);
  const top = Math.max(1, ...drawn.map(({ count }) => count));
  const passing = new Map<string, number>();
  const links = drawn.map(({ from, to, count }, i): Link => {
    const a = places.get(from)!;
    const b = places.get(to)!;
    const [ya, yb] = ends[i]!;
    const route = toRoute(a, ya, b, yb, columns, passing);
    return {
      from: a.card,
      to: b.card,
      route,
      kind: 'flow',
      emphasis: 'plain',
      weight: 1 + 6 * Math.sqrt(count / top),
      label: String(count),
      detail: `${count} ${count === 1 ? 'edge' : 'edges'} from ${toGroupName(from)} to ${toGroupName(to)}`,
    };
  });
  return { links, left: heaviest.length - drawn.length };
}

function toGroupName(id: string): string {
  return id.split(' ').slice(2).join(' ');
}

/** The heights at which links leave and enter: side by side in the order of their other ends, so that they do not cross at the card. */
function spreadEnds(drawn: readonly Weight[], places: ReadonlyMap<string, BandPlace>): readonly (readonly [number, number])[] {
  const ends = drawn.map((): [number, number] => [0, 0]);
  const sides = new Map<string, { readonly place: BandPlace; readonly users: { link: number; end: 0 | 1; other: number }[] }>();
  const middle = (place: BandPlace): number => place.y + place.height / 2;
  drawn.forEach(({ from, to }, link) => {
    const a = places.get(from)!;
    const b = places.get(to)!;
    const backwards = b.column < a.column;
    const join = (id: string, place: BandPlace, east: boolean, end: 0 | 1, other: BandPlace): void => {
      const key = `${id} ${east}`;
      const side = sides.get(key) ?? { place, users: [] };
      side.users.push({ link, end, other: middle(other) });
      sides.set(key, side);
    };
    join(from, a, !backwards, 0, b);
    join(to, b, backwards || a.column === b.column, 1, a);
  });
  for (const { place, users } of sides.values()) {
    users.sort((a, b) => a.other - b.other || a.link - b.link);
    const step = Math.min(9, (place.height - 14) / users.length);
    users.forEach(({ link, end }, i) => {
      ends[link]![end] = Math.round(middle(place) + (i - (users.length - 1) / 2) * step);
    });
  }
  return ends;
}

function toRoute(
  a: BandPlace,
  ya: number,
  b: BandPlace,
  yb: number,
  columns: readonly BandColumn[],
  passing: Map<string, number>,
): readonly number[] {
  if (a.column === b.column) return [a.x + a.width, ya, b.x + b.width, yb];
  const way = b.column > a.column ? 1 : -1;
  const points = [way > 0 ? a.x + a.width : a.x, ya];
  for (let at = a.column + way; at !== b.column; at += way) {
    const column = columns[at]!;
    const straight = ya + ((yb - ya) * (at - a.column)) / (b.column - a.column);
    const gap = column.gaps.reduce(
      (best, y) => (Math.abs(y - straight) < Math.abs(best - straight) ? y : best),
      column.gaps[0] ?? straight,
    );
    const key = `${at} ${gap}`;
    const before = passing.get(key) ?? 0;
    passing.set(key, before + 1);
    // Those that share a gap lie side by side in it: 0, +3, -3, …
    const y = gap + (before % 2 === 0 ? -1 : 1) * Math.ceil((before % 5) / 2) * 3;
    const [near, far] = way > 0 ? [column.x, column.x + column.width] : [column.x + column.width, column.x];
    points.push(near, y, far, y);
  }
  points.push(way > 0 ? b.x : b.x + b.width, yb);
  return points;
}
