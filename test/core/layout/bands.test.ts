import { expect, test } from 'vitest';
import { buildPicture } from '../../../src/core/layout/build.ts';
import type { Picture } from '../../../src/core/layout/picture.ts';
import { toProjectView } from '../../../src/core/layout/picture.ts';
import type { GraphNode } from '../../../src/core/layout/project-graph.ts';
import { GraphIndex } from '../../../src/core/layout/project-graph.ts';

const toNode = (kind: string, name: string, ...folders: readonly string[]): GraphNode => ({
  id: `${kind}.p.${name}`,
  kind,
  name,
  package: 'p',
  path: '',
  materialized: '',
  tags: [],
  enabled: true,
  description: '',
  columns: [],
  folders,
});

/** Thirty folders of staging models, the first with the most; a source before each and one mart behind them all. */
function toWideProject(): GraphIndex {
  const nodes = [toNode('model', 'fct_all', 'marts', 'all'), toNode('seed', 'codes')];
  const edges = [{ from: 'seed.p.codes', to: 'model.p.fct_all', via: 'ref' }];
  for (let folder = 0; folder < 30; folder++)
    for (let i = 0; i <= 30 - folder; i++) {
      const name = `stg_${folder}_${i}`;
      nodes.push(toNode('model', name, 'staging', `area_${folder}`), toNode('source', `${name}_raw`, `area_${folder}`));
      edges.push({ from: `source.p.${name}_raw`, to: `model.p.${name}`, via: 'source' });
      edges.push({ from: `model.p.${name}`, to: 'model.p.fct_all', via: 'ref' });
    }
  return new GraphIndex({ project: { name: 'p', adapter: '', dialect: '' }, nodes, edges });
}

const index = toWideProject();
const show = (...opened: readonly string[]): Picture => buildPicture(index, { ...toProjectView(), scope: { kind: 'project', opened } });
const staging = (picture: Picture) => picture.cards.filter((card) => card.layer === 'staging');

test('a column with many folders keeps the largest and gathers the rest in one row at its foot', () => {
  const shown = staging(show()).sort((a, b) => a.y - b.y);
  expect(shown.length).toBe(12);
  expect(shown.at(-1)).toMatchObject({ name: '19 more folders', detail: '209 models', kind: 'group' });
  expect(shown.some((card) => card.name === 'area_0')).toBe(true);
  expect(shown.some((card) => card.name === 'area_29')).toBe(false);
});

test('the gathered folders are shown when they are asked for, and can be gathered again', () => {
  const shown = staging(show('gathered staging'));
  expect(shown.filter((card) => card.name.startsWith('area_')).length).toBe(30);
  expect(shown.find((card) => card.id === 'gathered staging')?.name).toBe('Fewer folders');
});

test('a folder that was opened is never among the gathered', () => {
  const picture = show('group staging area_29');
  expect(picture.frames.map((frame) => frame.name)).toEqual(['area_29 · 2']);
});

test('links pass cards of other columns in the gaps between them', () => {
  const picture = show();
  for (const link of picture.links) {
    const ends = [picture.cards[link.from]!, picture.cards[link.to]!];
    for (let at = 2; at + 3 < link.route.length; at += 4) {
      const [x, y] = [link.route[at]!, link.route[at + 1]!];
      const hit = picture.cards.find((card) => !ends.includes(card) && card.x === x && card.y < y && y < card.y + card.height);
      expect(hit?.name, `${ends[0]!.name} > ${ends[1]!.name}`).toBeUndefined();
    }
  }
  // Sources reach staging past the seed's column: there is something to pass.
  expect(picture.links.some((link) => link.route.length > 4)).toBe(true);
});

test('links leave a card in the order of where they go, so that they do not cross beside it', () => {
  const picture = show();
  const into = picture.links.filter((link) => picture.cards[link.to]!.name === 'all');
  const byStart = [...into].sort((a, b) => picture.cards[a.from]!.y - picture.cards[b.from]!.y).filter((link) => link.route.length === 4);
  const ends = byStart.map((link) => link.route.at(-1)!);
  expect(ends).toEqual([...ends].sort((a, b) => a - b));
  expect(new Set(ends).size).toBe(ends.length);
});

test('what the overview leaves out is counted', () => {
  expect(show('gathered staging', 'gathered source').notes).toEqual(['The 60 heaviest of 61 links between groups are drawn.']);
});
