import { layerNames, layers } from '../../src/core/layout/layer.ts';
import type { Card, Picture } from '../../src/core/layout/picture.ts';
import { type Palette, readPalette } from '../canvas/palette.ts';

/** What the colour of a card tells. */
export type ColourBy = 'layer' | 'materialization' | 'owner' | 'tests' | 'age';

/** The colourings in the order of the menu, with what each is called there. */
export const colourings: readonly (readonly [ColourBy, string])[] = [
  ['layer', 'Color by layer'],
  ['materialization', 'Color by materialization'],
  ['owner', 'Color by owner'],
  ['tests', 'Color by test results'],
  ['age', 'Color by age of the file'],
];

/** The layers whose colours stand for other things, in the order in which they are given away. */
const hues = ['staging', 'mart', 'source', 'report', 'seed', 'snapshot', 'macro', 'part'] as const;

export interface LegendEntry {
  readonly name: string;
  readonly colour: string;
}

interface Colouring {
  readonly entries: readonly LegendEntry[];
  /** Undefined leaves a card the colour of its layer. */
  of(card: Card): string | undefined;
}

/** The colours of a picture, and what each stands for. */
export function toColouring(by: ColourBy, picture: Picture, palette: Palette, now: number): Colouring {
  if (by === 'layer') return byLayer(picture, palette);
  if (by === 'tests') return toFixed(picture, toTestGroups(palette), toTestState);
  if (by === 'age') return toFixed(picture, toAgeGroups(palette), (card) => toAge(card, now));
  return byName(
    picture,
    palette,
    by === 'owner' ? ({ owner }) => owner : ({ materialized, kind }) => materialized || kind.replace('_', ' '),
  );
}

/** The same for a diagram, which brings its own palette. */
export function colourFor(by: ColourBy): ((palette: Palette, picture: Picture) => Palette['colour']) | undefined {
  if (by === 'layer') return undefined;
  return (palette, picture) => toColouring(by, picture, palette, Date.now()).of;
}

/** What the colours of a picture mean in the theme of the page. */
export function toLegend(by: ColourBy, picture: Picture | undefined): readonly LegendEntry[] {
  return picture === undefined ? [] : toColouring(by, picture, readPalette(), Date.now()).entries;
}

const isPlain = ({ kind }: Card): boolean => kind !== 'group' && kind !== 'more';

function byLayer(picture: Picture, palette: Palette): Colouring {
  const present = new Set(picture.cards.filter(({ kind }) => kind !== 'more').map(({ layer }) => layer));
  const entries = layers.filter((layer) => present.has(layer)).map((layer) => ({ name: layerNames[layer], colour: palette.layers[layer] }));
  return { entries, of: () => undefined };
}

/** The most frequent names have a colour each, all others one together. */
function byName(picture: Picture, palette: Palette, nameOf: (card: Card) => string | undefined): Colouring {
  const counts = new Map<string, number>();
  for (const card of picture.cards) {
    const name = isPlain(card) ? nameOf(card) : undefined;
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([name]) => name);
  const colours = new Map(names.slice(0, hues.length).map((name, i) => [name, palette.layers[hues[i] ?? 'model']]));
  const entries = [...colours].map(([name, colour]) => ({ name, colour }));
  const isLeft = (card: Card): boolean => isPlain(card) && !colours.has(nameOf(card) ?? '');
  const rest = names.length > hues.length ? 'others' : 'not known';
  const of = (card: Card): string | undefined => (isPlain(card) ? (colours.get(nameOf(card) ?? '') ?? palette.layers.model) : undefined);
  return { entries: picture.cards.some(isLeft) ? [...entries, { name: rest, colour: palette.layers.model }] : entries, of };
}

/** Groups that are known beforehand, in their order; those that no card is in are not named. */
function toFixed(picture: Picture, groups: readonly LegendEntry[], groupOf: (card: Card) => string): Colouring {
  const present = new Set(picture.cards.filter(isPlain).map(groupOf));
  const colours = new Map(groups.map(({ name, colour }) => [name, colour]));
  return {
    entries: groups.filter(({ name }) => present.has(name)),
    of: (card) => (isPlain(card) ? colours.get(groupOf(card)) : undefined),
  };
}

function toTestGroups({ error, warning, pass, layers: { model, staging } }: Palette): readonly LegendEntry[] {
  return [
    { name: 'failed', colour: error },
    { name: 'warned', colour: warning },
    { name: 'passed', colour: pass },
    { name: 'tests that have not run', colour: staging },
    { name: 'no tests', colour: model },
  ];
}

function toTestState({ tests, last }: Card): string {
  const statuses = [tests.status, last];
  if (statuses.some((status) => status === 'fail' || status === 'error')) return 'failed';
  if (statuses.includes('warn')) return 'warned';
  if (statuses.includes('pass')) return 'passed';
  return tests.count > 0 ? 'tests that have not run' : 'no tests';
}

const day = 86_400_000;
const ages: readonly (readonly [name: string, days: number])[] = [
  ['written today', 1],
  ['this week', 7],
  ['this month', 31],
  ['this year', 366],
  ['older', Number.POSITIVE_INFINITY],
];

function toAgeGroups({ layers: { mart, seed, source, staging, intermediate, model } }: Palette): readonly LegendEntry[] {
  const colours = [mart, seed, source, staging, intermediate];
  return [...ages.map(([name], i) => ({ name, colour: colours[i] ?? model })), { name: 'not known', colour: model }];
}

function toAge({ modified }: Card, now: number): string {
  if (modified === undefined) return 'not known';
  return ages.find(([, days]) => now - modified < days * day)?.[0] ?? 'older';
}
