import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Analyzer } from '../../src/core/analyze.ts';
import { templateEngine } from '../../src/core/dbt/template-engine.ts';
import { Sources } from '../../src/core/project/sources.ts';
import { Disk } from '../../src/disk/disk.ts';
import { toPlain } from '../support/plain-snapshot.ts';

const settings = { vars: {}, env: {}, runStartedAt: '2026-01-01T00:00:00Z', invocationId: 'test', folderName: 'sample' };
const samples = join(import.meta.dirname, '../../samples');

/** Numbers from 0 up to 1, the same in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

type Change = Record<string, string | undefined>;

/** One edit of the many kinds that people make, right or wrong. */
function randomChange(sources: Sources, first: Sources, random: () => number, step: number): Change {
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];
  const textOf = (path: string): string => sources.find(path)?.text ?? '';
  const sql = sources.below('', '.sql').filter((path) => !path.startsWith('macros/'));
  const yaml = sources.below('', '.yml').filter((path) => path !== 'dbt_project.yml');
  const path = pick(sql) ?? '';
  const text = textOf(path);
  const other = (pick(sql) ?? '').replace(/^.*\/|\.sql$/g, '');
  const properties = pick(yaml) ?? 'models/made.yml';
  const said = textOf(properties);
  const macro = pick(sources.below('macros', '.sql')) ?? 'macros/made.sql';
  const seed = pick(sources.below('', '.csv'));
  const lines = said.split('\n');
  const line = Math.floor(random() * lines.length);
  const changes: readonly (() => Change)[] = [
    () => ({ [path]: `${text}\n-- ${step}` }),
    () => ({ [path]: text.replace(/\b([a-z]\w*_\w+)\b/, `$1_${step}`) }),
    () => ({ [path]: text.slice(0, Math.floor(random() * text.length)) }),
    () => ({ [path]: `select * from {{ ref('${other}') }}` }),
    () => ({ [path]: `${text}\n-- {{ ref('${other}') }} {{ ref('gone_${step}') }}` }),
    () => ({ [path]: `{{ config(materialized='ephemeral', tags=['t${step}']) }}\n${text}` }),
    () => ({ [path]: undefined }),
    () => ({ [`models/made_${step % 3}.sql`]: `select *, ${step} as step from {{ ref('${other}') }}` }),
    () => ({ [`models/moved_${other}.sql`]: text, [path]: undefined }),
    () => ({ [properties]: lines.toSpliced(line, 1).join('\n') }),
    () => ({ [properties]: lines.toSpliced(line, 0, '').join('\n') }),
    () => ({ [properties]: said.replace(/description: .*/, `description: Said in step ${step}.`) }),
    () => ({ [properties]: said.replace('- unique', '- not_null') }),
    () => ({ [properties]: said.replace('- not_null', '- unique') }),
    () => ({ [properties]: `${said}\n  - name: ${other}\n    columns: [{name: step, tests: [unique]}]\n` }),
    () => ({
      [`models/said_${step % 2}.yml`]: `models: [{name: ${other}, description: Step ${step}, columns: [{name: id, tests: [unique]}]}]`,
    }),
    () => ({ [macro]: textOf(macro).replace('%}', `%} {# ${step} #}`) }),
    () => ({ [macro]: `${textOf(macro)}{% macro made_${step}(x) %}{{ x }} + ${step}{% endmacro %}` }),
    () => ({ [path]: `select {{ made_${step - 1}(1) }} as made` }),
    () => (seed === undefined ? {} : { [seed]: textOf(seed).replace('\n', `_${step}\n`) }),
    () => Object.fromEntries(first.paths.filter(() => random() < 0.3).map((one) => [one, first.find(one)?.text])),
  ];
  return pick(changes)?.() ?? {};
}

describe.each(readdirSync(samples))('%s followed through edits at random is what is read from nothing', (name) => {
  test.each([1, 2])('in sequence %i', { timeout: 120_000 }, async (sequence) => {
    const first = await Sources.read(new Disk(join(samples, name)));
    const random = randomFrom(sequence);
    const analyzer = new Analyzer(templateEngine);
    let before = { sources: first, snapshot: analyzer.analyze(first, settings) };
    let sources = first;
    const done: string[] = [];
    for (let step = 0; step < 24; step++) {
      const change = randomChange(sources, first, random, step);
      sources = sources.edit(change);
      done.push(Object.keys(change).join(', '));
      const followed = analyzer.analyze(sources, settings);
      // Columns and problems are worked out when they are asked for: what nobody asked is stepped over.
      if (step % 5 < 2) expect(followed.problems).toBeDefined();
      // Some is worked out in pauses, and left in the middle.
      if (step % 5 === 3) for (let pauses = 0; pauses < 7 * step; pauses++) followed.advance?.();
      // Comparing costs more than following: often enough that a difference is near to what made it.
      if (step % 3 === 2)
        expect(toPlain(followed), done.join('\n')).toEqual(toPlain(new Analyzer(templateEngine).analyze(sources, settings)));
      // A Snapshot that is asked late answers as it would have at once.
      if (step % 6 === 5)
        expect(toPlain(before.snapshot), done.join('\n')).toEqual(toPlain(new Analyzer(templateEngine).analyze(before.sources, settings)));
      before = { sources, snapshot: followed };
    }
  });
});
