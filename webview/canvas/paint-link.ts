import type { CrowsFoot, Link } from '../../src/core/layout/picture.ts';

type Context = CanvasRenderingContext2D;

/** Adds a link's route to the current path: curves between columns, straight inside them. */
export function traceRoute(ctx: Context, route: readonly number[]): void {
  ctx.moveTo(route[0]!, route[1]!);
  for (let at = 0; at + 3 < route.length; at += 2) tracePiece(ctx, route, at);
}

/** Adds the piece of a route that begins at an index; the path stands at its start already. */
export function tracePiece(ctx: CanvasPath, route: readonly number[], at: number): void {
  const x0 = route[at]!;
  const y0 = route[at + 1]!;
  const x1 = route[at + 2]!;
  const y1 = route[at + 3]!;
  if ((at / 2) % 2 === 1 || y0 === y1) ctx.lineTo(x1, y1);
  else if (Math.abs(x1 - x0) < 2) {
    const bulge = 28 + Math.min(70, Math.abs(y1 - y0) * 0.18);
    ctx.bezierCurveTo(x0 + bulge, y0, x1 + bulge, y1, x1, y1);
  } else {
    const middle = (x0 + x1) / 2;
    ctx.bezierCurveTo(middle, y0, middle, y1, x1, y1);
  }
}

/** The point of a route's first piece that lies at a share of its curve. */
export function toPointOn(route: readonly number[], share: number): { readonly x: number; readonly y: number } {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = route;
  const rest = 1 - share;
  const along = 1.5 * share * rest * rest + 1.5 * share * share * rest + share ** 3;
  const bulge = Math.abs(x1 - x0) < 2 ? (28 + Math.min(70, Math.abs(y1 - y0) * 0.18)) * 3 * share * rest : 0;
  return { x: x0 + (x1 - x0) * along + bulge, y: y0 + (y1 - y0) * (3 * share * share - 2 * share ** 3) };
}

/** Whether a link arrives from the left, from the right, or around the right side of its own column. */
function toArrival(route: readonly number[]): 1 | -1 {
  return route[route.length - 2]! - route[route.length - 4]! >= 2 ? 1 : -1;
}

/** Adds an arrowhead at the end of a route. */
export function traceArrow(ctx: Context, link: Link): void {
  const { route } = link;
  const x = route[route.length - 2]!;
  const y = route[route.length - 1]!;
  const way = toArrival(route);
  const size = 4.5 + Math.min(3, link.weight * 0.5);
  ctx.moveTo(x, y);
  ctx.lineTo(x - way * size * 1.3, y - size * 0.75);
  ctx.lineTo(x - way * size * 1.3, y + size * 0.75);
  ctx.closePath();
}

/** Draws the crow's feet at both ends of a relation. */
export function paintFeet(ctx: Context, link: Link, ground: string): void {
  const { route, feet } = link;
  if (feet === undefined) return;
  const startWay = Math.abs(route[2]! - route[0]!) < 2 ? 1 : Math.sign(route[2]! - route[0]!);
  paintFoot(ctx, route[0]!, route[1]!, startWay, feet.from, ground);
  paintFoot(ctx, route[route.length - 2]!, route[route.length - 1]!, -toArrival(route), feet.to, ground);
}

/** One foot at a card's edge; `way` points away from the card. */
function paintFoot(ctx: Context, x: number, y: number, way: number, foot: CrowsFoot, ground: string): void {
  const many = foot === 'many' || foot === 'zero-or-many';
  ctx.beginPath();
  if (many) {
    ctx.moveTo(x, y - 6);
    ctx.lineTo(x + way * 12, y);
    ctx.lineTo(x, y + 6);
  } else {
    ctx.moveTo(x + way * 6, y - 5);
    ctx.lineTo(x + way * 6, y + 5);
  }
  if (foot === 'one' || foot === 'many') {
    ctx.moveTo(x + way * (many ? 15 : 10), y - 5);
    ctx.lineTo(x + way * (many ? 15 : 10), y + 5);
  }
  ctx.stroke();
  if (foot === 'zero-or-one' || foot === 'zero-or-many') {
    ctx.beginPath();
    ctx.arc(x + way * (many ? 16 : 13.5), y, 3.5, 0, Math.PI * 2);
    const fill = ctx.fillStyle;
    ctx.fillStyle = ground;
    ctx.fill();
    ctx.fillStyle = fill;
    ctx.stroke();
  }
}
