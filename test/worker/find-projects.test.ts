import { expect, test } from 'vitest';
import { findProjectRoots } from '../../src/worker/find-projects.ts';

test.each([
  ['a dbt project at the top', ['dbt_project.yml', 'models/a.sql'], ['']],
  ['several projects in one folder', ['shop/dbt_project.yml', 'crm/dbt_project.yml'], ['crm', 'shop']],
  ['packages are no projects', ['dbt_project.yml', 'dbt_packages/dbt_utils/dbt_project.yml'], ['']],
  ['nor is what a build or an installation left', ['target/x/dbt_project.yml', '.venv/lib/site-packages/dbt/dbt_project.yml'], []],
  ['plain SQL with data', ['queries/a.sql', 'data/a.csv'], ['']],
  [
    'SQL with data beside dbt projects, in the outermost folder without one',
    ['shop/dbt_project.yml', 'shop/seeds/a.csv', 'work/crm/dbt_project.yml', 'work/reports/q/a.sql', 'work/reports/data/a.csv'],
    ['shop', 'work/crm', 'work/reports'],
  ],
  [
    'scripts alone or data alone beside a dbt project are none',
    ['dbt/dbt_project.yml', 'scripts/a.sql', 'exports/a.csv', 'top.sql'],
    ['dbt'],
  ],
  ['unless a headwater.yml says so', ['dbt/dbt_project.yml', 'scripts/a.sql', 'scripts/headwater.yml'], ['dbt', 'scripts']],
  ['nothing in the folder of a dbt project is another', ['dbt_project.yml', 'reports/a.sql', 'reports/a.csv'], ['']],
  ['a folder of anything else', ['README.md', 'src/a.ts'], []],
])('%s', (_, paths, roots) => {
  expect(findProjectRoots(paths)).toEqual(roots);
});
