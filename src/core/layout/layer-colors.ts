import type { Layer } from './layer.ts';

// After Okabe and Ito: hues that stay apart under the common kinds of colour blindness, lightness fitted to each ground.

/** The colour of each layer on a light ground, on screen and in exports alike. */
export const colorsOnLight: Readonly<Record<Layer, string>> = {
  macro: '#7d4fa8',
  source: '#007a5a',
  seed: '#8f7000',
  staging: '#0070b8',
  intermediate: '#4a50b8',
  model: '#5d6a78',
  mart: '#bb5c00',
  snapshot: '#b13d1f',
  report: '#a23b80',
  check: '#6a6a6a',
  part: '#2e6d69',
};

/** The colour of each layer on a dark ground. */
export const colorsOnDark: Readonly<Record<Layer, string>> = {
  macro: '#c39be8',
  source: '#2db88f',
  seed: '#d3bd55',
  staging: '#5bb3ea',
  intermediate: '#8c9bf2',
  model: '#9fabb8',
  mart: '#f0a04b',
  snapshot: '#e57b5e',
  report: '#d88bbd',
  check: '#a7a7a7',
  part: '#8fb8b4',
};
