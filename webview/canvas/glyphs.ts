// Outlines on a 16 × 16 ground.
const outlines = {
  source: 'M3 4.2c0-1.2 2.2-2 5-2s5 .8 5 2-2.2 2-5 2-5-.8-5-2zM3 4.2v7.6c0 1.2 2.2 2 5 2s5-.8 5-2V4.2M3 8c0 1.2 2.2 2 5 2s5-.8 5-2',
  seed: 'M8 14V8M8 8.6C8 5.6 5.8 3.6 2.6 3.6 2.6 6.8 4.6 8.6 8 8.6zM8 7C8 4.4 10 2.4 13.4 2.4 13.4 5.4 11.4 7 8 7z',
  table: 'M2.5 3h11v10h-11zM2.5 6.3h11M6.4 6.3V13',
  view: 'M1.8 8C3.2 5.4 5.4 4 8 4s4.8 1.4 6.2 4C12.8 10.6 10.6 12 8 12s-4.8-1.4-6.2-4zM8 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6z',
  incremental: 'M2.5 5.5h8v8h-8zM5.5 5.5v-3h8v8h-3M6.5 7.5v4M4.5 9.5h4',
  ephemeral: 'M3 5V3h2M7 3h2M11 3h2v2M13 7v2M13 11v2h-2M9 13H7M5 13H3v-2M3 9V7',
  snapshot: 'M2.5 5h2.8l1-1.6h3.4l1 1.6h2.8v8h-11zM8 6.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4z',
  exposure: 'M2.5 13.5h11M4 13.5V9M7 13.5V5.5M10 13.5V8M13 13.5V3',
  metric: 'M2.4 11.5a5.8 5.8 0 1 1 11.2 0M8 10.8l2.8-4',
  semantic: 'M8 2l5.4 3v6L8 14l-5.4-3V5zM2.6 5L8 8l5.4-3M8 8v6',
  test: 'M3 8.4l3.2 3.2L13 4.6',
  cte: 'M6 2.6c-1.8 0-2 .8-2 2v1.6C4 7.400 3.400 8 2.600 8 3.400 8 4 8.600 4 9.800v1.600c0 1.200.200 2 2 2M10 2.600c1.800 0 2 .8 2 2v1.600C12 7.400 12.600 8 13.400 8 12.600 8 12 8.600 12 9.800v1.600c0 1.200-.2 2-2 2',
  group: 'M2 4.200c0-.5.3-.8.8-.8h3.400l1.400 1.700h5.600c.5 0 .8.3.8.8v6.300c0 .5-.3.8-.8.8H2.800c-.5 0-.8-.3-.8-.8z',
  more: 'M4 8h.01M8 8h.01M12 8h.01',
  key: 'M9.700 9.300a3.200 3.200 0 1 1 .9-.9l3.400 3.400v1.700h-1.700v-1.200h-1.200v-1.200z',
  link: 'M6.700 9.300l2.600-2.600M7.300 5.200l1.500-1.500a2.500 2.500 0 0 1 3.500 3.500l-1.500 1.500M8.700 10.800l-1.500 1.500a2.500 2.500 0 0 1-3.500-3.500l1.500-1.500',
  model: 'M8 2.200l5.200 2.900v5.800L8 13.800l-5.200-2.900V5.100z',
} as const;

export type GlyphName = keyof typeof outlines;

const paths = new Map<GlyphName, Path2D>();

/** The outline of a glyph on a 16 × 16 ground. */
export function toGlyph(name: GlyphName): Path2D {
  let path = paths.get(name);
  if (path === undefined) {
    path = new Path2D(outlines[name]);
    paths.set(name, path);
  }
  return path;
}

/** Which glyph stands for a kind of card, and for a model's materialisation. */
export function toGlyphName(kind: string, materialized: string): GlyphName {
  switch (kind) {
    case 'source':
    case 'seed':
    case 'snapshot':
    case 'exposure':
    case 'metric':
    case 'test':
    case 'cte':
    case 'group':
    case 'more':
      return kind;
    case 'unit_test':
      return 'test';
    case 'semantic_model':
    case 'saved_query':
      return 'semantic';
    case 'relation':
      return 'table';
  }
  if (materialized === 'view' || materialized === 'materialized_view') return 'view';
  if (materialized === 'incremental') return 'incremental';
  if (materialized === 'ephemeral') return 'ephemeral';
  return materialized === 'table' ? 'table' : 'model';
}
