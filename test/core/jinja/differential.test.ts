import { expect, it } from 'vitest';
import { findDifferences } from '../../support/jinja-difference.ts';
import { generateTemplate, seeded } from '../../support/jinja-templates.ts';

it('renders 600 generated templates as the real Jinja2 does', () => {
  const next = seeded(20240305);
  const templates = Array.from({ length: 600 }, () => generateTemplate(next));
  expect(findDifferences(templates)).toEqual([]);
});
