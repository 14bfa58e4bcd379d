import { expect, test } from 'vitest';
import { toDocsPage } from '../../../src/core/docs/docs-page.ts';
import { readShop } from '../../support/project.ts';

const page = toDocsPage(
  readShop({
    'models/orders.sql': "select 1 as id, '<b>' as mark",
    'models/late.sql': "select id from {{ ref('orders') }}",
    'models/p.yml':
      'models:\n  - name: orders\n    description: "Sold <things> & more."\n    columns:\n      - {name: id, description: The key., tests: [unique]}\n',
  }),
);

test('a page of documentation holds every column with its type, description and tests', () => {
  expect(page).toContain('<td><code>id</code></td><td>integer</td><td>The key.</td><td>unique</td>');
  expect(page).toContain('<b>Read by</b> <a href="#model.shop.late">late</a>');
});

test('what a project says cannot become markup, and the page fetches nothing', () => {
  expect(page).toContain('Sold &lt;things&gt; &amp; more.');
  expect(page).not.toContain('<b>&#39;');
  expect(page).toContain("default-src 'none'");
  expect(page).not.toMatch(/(?:src|href)="https?:/);
});
