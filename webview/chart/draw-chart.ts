import * as Plot from '@observablehq/plot';
import type { ChartPicture } from '../results/chart-picture.ts';

/** Draws a chart as SVG with the colours it is given: one series, so that nothing is told by colour alone. */
export function drawChart({ kind, points, xLabel, yLabel, width, height, ink, mark, ground, font }: ChartPicture): SVGSVGElement {
  const values = points.map(([x, y]) => ({ x, y }));
  const most = Math.max(1, ...values.map(({ x }) => String(x).length));
  const title = (d: { readonly x: unknown; readonly y: unknown }): string =>
    `${d.x instanceof Date ? d.x.toISOString().slice(0, 10) : String(d.x)}: ${Number(d.y).toLocaleString()}`;
  const marks = {
    line: () => [
      Plot.lineY(values, { x: 'x', y: 'y', stroke: mark, strokeWidth: 2 }),
      Plot.dot(values, { x: 'x', y: 'y', r: values.length > 60 ? 1.5 : 3, fill: ground, stroke: mark, title }),
    ],
    bars: () => [Plot.barX(values, { x: 'y', y: 'x', fill: mark, title, sort: { y: null } }), Plot.ruleX([0], { stroke: ink })],
    histogram: () => [
      Plot.rectY(
        points.map(([x1, y, x2]) => ({ x1, x2, y })),
        { x1: 'x1', x2: 'x2', y: 'y', fill: mark, inset: 0.5, title: (d) => `${d.x1} to ${d.x2}: ${d.y}` },
      ),
      Plot.ruleY([0], { stroke: ink }),
    ],
    scatter: () => [Plot.dot(values, { x: 'x', y: 'y', r: 3, stroke: mark, fill: mark, fillOpacity: 0.35, title })],
  };
  const isBars = kind === 'bars';
  const drawn = Plot.plot({
    width,
    height: isBars ? Math.max(height, values.length * 18 + 60) : height,
    marginLeft: isBars ? Math.min(220, 20 + most * 7) : 64,
    marginBottom: 40,
    marginRight: 24,
    style: { background: 'transparent', color: ink, fontFamily: font, fontSize: '12px' },
    x: { label: isBars ? yLabel : xLabel, grid: isBars || kind === 'scatter', nice: kind !== 'line' },
    y: isBars ? { label: null, domain: values.map(({ x }) => x) } : { label: yLabel, grid: true, zero: kind !== 'scatter', nice: true },
    marks: marks[kind](),
  });
  // The picture is named as a whole; names of its parts are not allowed within it.
  for (const part of drawn.querySelectorAll('[aria-label], [aria-description]')) {
    part.removeAttribute('aria-label');
    part.removeAttribute('aria-description');
  }
  return drawn as SVGSVGElement;
}
