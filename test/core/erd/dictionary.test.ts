import { expect, it } from 'vitest';
import { Analyzer } from '../../../src/core/analyze.ts';
import { templateEngine } from '../../../src/core/dbt/template-engine.ts';
import { buildErd } from '../../../src/core/erd/build.ts';
import { toErdSource } from '../../../src/core/erd/from-snapshot.ts';
import { Sources } from '../../../src/core/project/sources.ts';

/** The keys and relations of a folder of CSV files with a README, before anything is counted. */
function read(files: Readonly<Record<string, string>>) {
  const settings = { vars: {}, env: {}, runStartedAt: '2026-01-01T00:00:00Z', invocationId: 'test', folderName: 'folder' };
  const erd = buildErd(toErdSource(new Analyzer(templateEngine).analyze(Sources.of(files), settings)));
  const nameOf = (id: string): string => id.split('.').at(-1) ?? id;
  return {
    keys: erd.entities.flatMap(({ name, keys }) => keys.map((key) => `${name}.${key.columns} ${key.kind}`)).sort(),
    relations: erd.relationships
      .map(({ from, to, status }) => `${nameOf(from.entity)}.${from.columns} > ${nameOf(to.entity)} ${status}`)
      .sort(),
  };
}

it('a dictionary names tables without the suffix of their files', () => {
  const { keys, relations } = read({
    'README.md': `### \`accounts_raw.csv\`

| Column | Type | Description |
|---|---|---|
| \`account_id\` | UUID | Unique company identifier (Primary Key) |

### \`deals_raw.csv\`

| Column | Type | Description |
|---|---|---|
| \`deal_id\` | UUID | Unique deal identifier (Primary Key) |
| \`account_id\` | UUID | Links to accounts table (Foreign Key) |
`,
    'accounts_raw.csv': 'account_id\na\n',
    'deals_raw.csv': 'deal_id,account_id\nd,a\n',
  });
  expect(keys).toEqual(['accounts_raw.account_id primary', 'deals_raw.deal_id primary']);
  expect(relations).toEqual(['deals_raw.account_id > accounts_raw declared']);
});

it('a prefix that all files share, and a word such as info, are not what a table is about', () => {
  const { keys, relations } = read({
    'README.md': `**\`saas_customer_info.csv\`**

| Column | Type | Description |
|---|---|---|
| \`customer_id\` | STRING | Unique 10-digit customer ID |

**\`saas_sites.csv\`**

| Column | Type | Description |
|---|---|---|
| \`site_id\` | STRING | Unique 12-digit ID |
| \`customer_id\` | STRING | Customer ID linked to this site |
`,
    'saas_customer_info.csv': 'customer_id,region\n1,EMEA\n',
    'saas_sites.csv': 'site_id,customer_id\ns,1\n',
    'saas_storage.csv': 'site_id,customer_id,bytes\ns,1,5\n',
  });
  expect(keys).toEqual(['saas_customer_info.customer_id primary', 'saas_sites.site_id primary']);
  expect(relations).toEqual([
    'saas_sites.customer_id > saas_customer_info declared',
    'saas_storage.customer_id > saas_customer_info candidate',
    'saas_storage.site_id > saas_sites candidate',
  ]);
});
