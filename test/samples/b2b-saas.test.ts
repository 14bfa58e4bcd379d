import { describe, test } from 'vitest';
import { makeFigures } from './support/b2b-figures.ts';
import { checkFigure } from './support/figure.ts';

describe('b2b-saas, base batch', async () => {
  for (const figure of await makeFigures(['warehouse/raw_sources.sqlite']))
    test(`${figure.select} ${figure.says}`, () => checkFigure('b2b-saas', figure));
});
