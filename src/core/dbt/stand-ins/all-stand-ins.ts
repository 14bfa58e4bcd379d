import type { MacroFile } from '../macro-library.ts';
import { dbtDateMacros } from './dbt-date.ts';
import { dbtExpectationsMacros } from './dbt-expectations.ts';
import { dbtUtilsMacros } from './dbt-utils.ts';
import { fivetranUtilsMacros } from './fivetran-utils.ts';
import { standInFolder } from './stand-in-folder.ts';

/** What stands in for packages that are not installed, and the packages that each of them calls. */
const standIns: Readonly<Record<string, { readonly texts: readonly string[]; readonly calls: readonly string[] } | undefined>> = {
  __proto__: null as never,
  dbt_utils: { texts: dbtUtilsMacros, calls: [] },
  dbt_date: { texts: dbtDateMacros, calls: [] },
  dbt_expectations: { texts: dbtExpectationsMacros, calls: ['dbt_date'] },
  fivetran_utils: { texts: fivetranUtilsMacros, calls: ['dbt_utils'] },
};

/** The macros that stand in for packages which are not installed; `has` says which are. */
export function standInsFor(missing: ReadonlySet<string>, has: (packageName: string) => boolean): readonly MacroFile[] {
  const names = new Set<string>();
  for (const name of missing)
    for (const one of [name, ...(standIns[name]?.calls ?? [])]) if (standIns[one] !== undefined && !has(one)) names.add(one);
  return [...names].map((name) => ({ package: name, path: `${standInFolder}/${name}.sql`, text: textOf(name) }));
}

const texts = new Map<string, string>();

function textOf(name: string): string {
  const known = texts.get(name) ?? standIns[name]?.texts.join('') ?? '';
  texts.set(name, known);
  return known;
}

/** Whether there is something that stands in for a package. */
export function hasStandIn(name: string): boolean {
  return standIns[name] !== undefined;
}
