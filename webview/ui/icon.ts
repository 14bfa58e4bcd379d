/** Outlines on a 16 × 16 ground, drawn with the current text colour. */
const outlines = {
  close: 'M4 4l8 8M12 4l-8 8',
  copy: 'M5.5 5.5h7v8h-7zM3.5 10.5v-8h7',
  eye: 'M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8zM8 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6z',
  export: 'M8 2.5v7M5 7l3 3 3-3M3 12.5h10',
  filter: 'M2.5 3.5h11l-4.2 5v4l-2.6 1v-5z',
  graph: 'M2.5 3h4v3h-4zM9.5 3h4v3h-4zM6 10h4v3H6zM4.5 6v2h7V6M8 8v2',
  pin: 'M6 2.5h4l-.6 4 2.1 2.2H4.5L6.6 6.5zM8 8.7v5',
  refresh: 'M13 5V2.5M13 5h-2.5M13 5a5.5 5.5 0 1 0 .4 4',
  search: 'M7 11.5a4.5 4.5 0 1 1 0-9 4.5 4.5 0 0 1 0 9zM10.3 10.3l3.2 3.2',
  statistics: 'M3 13V8.5M6.3 13V4M9.7 13V6.5M13 13V9.5M2 13.5h12',
  stop: 'M4 4h8v8H4z',
  sortAscending: 'M8 12.5v-9M4.5 7L8 3.5 11.5 7',
  sortDescending: 'M8 3.5v9M4.5 9L8 12.5 11.5 9',
  zoomIn: 'M8 3.5v9M3.5 8h9',
  zoomOut: 'M3.5 8h9',
  fit: 'M2.5 6v-3.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  chevronRight: 'M6 3.5L10.5 8 6 12.5',
  chevronDown: 'M3.5 6L8 10.5 12.5 6',
  key: 'M9.7 9.3a3.2 3.2 0 1 1 .9-.9l3.4 3.4v1.7h-1.7v-1.2h-1.2v-1.2z',
  table: 'M2.5 3.5h11v9h-11zM2.5 6.5h11M6.5 6.5v6',
  warning: 'M8 2.5l6 11H2zM8 6.5v3.5M8 11.7v.3',
  back: 'M7 3.5L2.5 8 7 12.5M3 8h10.5',
  forward: 'M9 3.5l4.5 4.5L9 12.5M13 8H2.5',
  help: 'M8 14A6 6 0 1 1 8 2a6 6 0 0 1 0 12zM6.2 6.5a1.8 1.8 0 1 1 2.7 1.6c-.6.3-.9.7-.9 1.3M8 11.3v.2',
  lock: 'M4 7.5h8v6H4zM5.5 7.5V5.5a2.5 2.5 0 0 1 5 0v2',
  panel: 'M2.5 3h11v10h-11zM9.5 3v10',
  upstream: 'M2.5 8h6M5 5.5L2.5 8 5 10.5M10 5h3.5v6H10z',
  downstream: 'M13.5 8h-6M11 5.5L13.5 8 11 10.5M2.5 5H6v6H2.5z',
  info: 'M8 14A6 6 0 1 1 8 2a6 6 0 0 1 0 12zM8 7.2V11M8 4.9v.3',
} as const;

export type IconName = keyof typeof outlines;

/** An icon that assistive technology passes over; the control around it carries the name. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'hw-icon');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', outlines[name]);
  svg.append(path);
  return svg;
}
