import { describe, expect, it } from 'vitest';
import { type WrittenTest, writeTests } from '../../../src/core/checks/write-tests.ts';

const unique: WrittenTest = { column: 'id', name: 'unique' };
const values: WrittenTest = { column: 'status', name: 'accepted_values', arguments: { values: ['open', 'paid'] } };

/** `+` marks the lines that are expected to be put in. */
const cases: readonly { readonly what: string; readonly test: WrittenTest; readonly text: string }[] = [
  {
    what: 'below the tests that a column has',
    test: unique,
    text: `# kept
version: 2
models:
    - name: orders   # the orders
      columns:
          - name: id
            tests:
                - not_null   # always
+                - unique

          # what state it is in
          - name: status
`,
  },
  {
    what: 'below a column without tests, before what follows',
    test: values,
    text: `models:
  - name: orders
    columns:
      - name: id
        data_tests: [unique]
      - name: status
        description: >
          Where the order
          stands.
+        data_tests:
+          - accepted_values:
+              arguments:
+                values: [open, paid]

  - name: customers
    description: others
`,
  },
  {
    what: 'a column that is not described yet',
    test: unique,
    text: `models:
- name: orders
  columns:
  - name: status
    description: "it's quoted"
+  - name: id
+    data_tests:
+      - unique
- name: customers
`,
  },
  {
    what: 'a model without columns',
    test: unique,
    text: `models:
  - name: orders
    description: one row each
+    columns:
+      - name: id
+        data_tests:
+          - unique
`,
  },
  {
    what: 'a model that is not described yet',
    test: unique,
    text: `models:
  - name: customers
+  - name: orders
+    columns:
+      - name: id
+        data_tests:
+          - unique
# the end
`,
  },
  {
    what: 'a file of other things',
    test: unique,
    text: `sources:
  - name: raw
+
+models:
+  - name: orders
+    columns:
+      - name: id
+        data_tests:
+          - unique
`,
  },
];

describe('a test is written', () => {
  it.each(cases)('$what', ({ test, text }) => {
    const lines = text.split('\n');
    const before = lines.filter((line) => !line.startsWith('+')).join('\n');
    const after = lines.map((line) => line.replace(/^\+/, '')).join('\n');
    expect(writeTests(before, { section: 'models', name: 'orders' }, [test])).toBe(after);
  });

  it('into a list on one line', () => {
    const text = 'models:\n  - name: orders\n    columns:\n      - {name: id, data_tests: [not_null]} # key\n      - {name: status}\n';
    expect(writeTests(text, { section: 'models', name: 'orders' }, [unique, values])).toBe(
      'models:\n  - name: orders\n    columns:\n      - {name: id, data_tests: [not_null, unique]} # key\n      - {name: status, data_tests: [{accepted_values: {arguments: {values: [open, paid]}}}]}\n',
    );
  });

  it('into a file that does not exist yet', () => {
    expect(writeTests('', { section: 'models', name: 'orders' }, [unique])).toBe(
      'version: 2\n\nmodels:\n  - name: orders\n    columns:\n      - name: id\n        data_tests:\n          - unique\n',
    );
  });

  it('not at all into what is no YAML', () => {
    expect(writeTests('models: [', { section: 'models', name: 'orders' }, [unique])).toBeUndefined();
  });
});
