import { describe, expect, it } from 'vitest';
import { matches, toPathMatcher } from '../../../src/core/dbt/selector-patterns.ts';
import { BudgetError } from '../../../src/core/jinja/budget.ts';
import { CountedPattern } from '../../../src/core/jinja/counted-pattern.ts';
import { likePattern } from '../../../src/core/sql/resolve/column-patterns.ts';
import { loadYaml } from '../../../src/core/text/load-yaml.ts';
import { fitsFolders, fitsWildcards, toWildcards } from '../../../src/core/text/wildcards.ts';
import { regexFunctions } from '../../../src/core/translate/runtime/regex.ts';
import { problemsOf, readShop } from '../../support/project.ts';

function soon<Answer>(run: () => Answer): Answer {
  // Processor time of this process: by the clock, a busy machine would fail what is fast.
  const started = process.cpuUsage();
  try {
    return run();
  } finally {
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000).toBeLessThan(4000);
  }
}

const many = (text: string, times: number): string => text.repeat(times);

describe('a pattern of a project ends', () => {
  it.each([
    ['(a+)+$', `${many('a', 60)}!`],
    ['(a|a)*b', many('a', 60)],
    ['(.*)(.*)(.*)(.*)(.*)x', many('ab', 500)],
    ['(?:a|aa)+$', `${many('a', 60)}!`],
  ])('%s', (pattern, text) => {
    const uses: readonly (() => unknown)[] = [
      () => new CountedPattern(pattern).test(text),
      () => text.replace(new CountedPattern(pattern, 'g'), ''),
      () => text.split(new CountedPattern(pattern)),
      () => [...text.matchAll(new CountedPattern(pattern, 'g'))],
    ];
    for (const use of uses) expect(() => soon(use)).toThrow(BudgetError);
  });

  it('and one that is harmless does what it always did', () => {
    expect('a1b22'.replace(new CountedPattern('\\d+', 'g'), '-')).toBe('a-b-');
    expect('a,b;c'.split(new CountedPattern('[,;]'))).toEqual(['a', 'b', 'c']);
    expect([...'xaay'.matchAll(new CountedPattern('(a+)+', 'g'))].map(([all]) => all)).toEqual(['aa']);
    expect('aXbXXc'.replace(new CountedPattern('(X*X*)+', 'g'), '.')).toBe('aXbXXc'.replace(/(X*X*)+/g, '.'));
    expect('a12b3'.split(new CountedPattern('(?:\\d+)+'))).toEqual(['a', 'b', '']);
  });

  it.each([
    ['%', '', true],
    ['a%c', 'abc', true],
    ['a_c', 'a😀c', true],
    ['a_c', 'ac', false],
    ['%a%b%', 'xxbaxxbx', true],
    ['', '', true],
    ['', 'a', false],
    ['a%%b', 'ab', true],
    ['100\\%', '100%', true],
    ['100\\%', '1000', false],
  ])('LIKE %j over %j is %j', (pattern, text, expected) => {
    expect(regexFunctions.like?.run(text, pattern, '\\')).toBe(expected);
    expect(regexFunctions.ilike?.run(text.toUpperCase(), pattern, '\\')).toBe(expected);
  });

  it('LIKE, names of files and columns take steps as they are long', () => {
    const text = many('a', 4000);
    expect(soon(() => regexFunctions.like?.run(text, `${many('%a', 300)}%b`, ''))).toBe(false);
    expect(soon(() => matches(text, `${many('*a', 300)}b`))).toBe(false);
    expect(soon(() => likePattern({ pattern: `${many('%a', 300)}%b`, ignoresCase: true }).test(text))).toBe(false);
    expect(soon(() => toPathMatcher(`${many('**/', 40)}x`)(many('d/', 200)))).toBe(false);
    expect(soon(() => fitsFolders(many('d/', 500).split('/'), [...many('**/', 100).split('/'), 'x'], (a, b) => a === b))).toBe(false);
  });

  it.each([
    ['*', 'a/b', true],
    ['a*c', 'abbc', true],
    ['[ab]?', 'bx', true],
    ['[!ab]?', 'bx', false],
    ['a[', 'a[', true],
  ])('the name pattern %s over %s is %j', (pattern, name, expected) => expect(matches(name, pattern)).toBe(expected));

  it.each([
    ['models/*.sql', 'models/a.sql', true],
    ['models/*.sql', 'models/x/a.sql', false],
    ['models/**/a.sql', 'models/a.sql', true],
    ['models/**/a.sql', 'models/x/y/a.sql', true],
    ['models/**', 'models/x/y/a.sql', true],
    ['models/**', 'models', false],
    ['**/y/*', 'models/x/y/a.sql', true],
  ])('the path pattern %s over %s is %j', (glob, path, expected) => expect(toPathMatcher(glob)(path)).toBe(expected));

  it('stars stand for anything', () => expect(fitsWildcards('stg_orders', toWildcards('stg_*'))).toBe(true));

  it('a naming rule that runs away is a problem', () => {
    const snapshot = soon(() =>
      readShop({ 'headwater.yml': "naming: [{paths: models, pattern: '^(a+)+$'}]\n", [`models/${many('a', 60)}1.sql`]: 'select 1 as a' }),
    );
    expect(snapshot.problems.find((problem) => problem.code === 'project-config')?.message).toContain('too many steps');
  });
});

const bomb = `a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 10 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array.from({ length: 10 }, () => `*a${i}`).join(',')}]`).join('\n')}`;

describe('YAML that stands for too much is a mistake in the text', () => {
  it.each([
    ['aliases of aliases', bomb, /aliases stand for more/],
    ['a list in itself', 'a: &a [*a]', /within what it stands for/],
    ['a mapping in itself', '&a {b: *a}', /within what it stands for/],
    ['lists nested deeply', many('[', 100_000), /nesting exceeded/],
    ['mappings nested deeply', many('{a: ', 50_000), /nesting exceeded/],
  ])('%s', (_name, text, message) => {
    expect(() => soon(() => loadYaml(text))).toThrow(message);
    for (const path of ['dbt_project.yml', 'packages.yml', 'models/schema.yml', 'profiles.yml']) {
      const snapshot = soon(() => readShop({ 'models/m.sql': 'select 1 as a', [path]: text }));
      if (path !== 'profiles.yml' && path !== 'packages.yml') expect(problemsOf(snapshot).join(' ')).toContain('yaml-syntax');
    }
  });

  it('and aliases that stand for little are read', () => {
    expect(loadYaml('a: &a {x: 1}\nb: *a\nc: {<<: *a, y: 2}')).toEqual({ a: { x: 1 }, b: { x: 1 }, c: { x: 1, y: 2 } });
  });
});

describe('a template is stopped by what it looks into and what it makes', () => {
  const shared =
    '{% set n = namespace(x=[1], y=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% set n.y = [n.y, n.y] %}{% endfor %}';
  it.each([
    `${shared}{{ n.x }}`,
    `${shared}{{ n.x | tojson }}`,
    `${shared}{{ n.x == n.y }}`,
    `${shared}{{ [n.x, n.y] | sort }}`,
    `${shared}{{ n.x | pprint }}`,
    '{% set n = namespace(x=[1,2,3]) %}{% for i in range(60) %}{% set n.x = n.x + n.x %}{% endfor %}',
    "{% set n = namespace(x=['a']) %}{% for i in range(1000) %}{% set n.x = n.x + ['a' * 4000000] %}{% endfor %}",
  ])('%s', (template) => {
    const snapshot = soon(() => readShop({ 'models/m.sql': template }));
    expect(problemsOf(snapshot).filter((problem) => problem.startsWith('jinja-'))).toEqual([
      expect.stringContaining('jinja-budget models/m.sql'),
    ]);
  });
});
