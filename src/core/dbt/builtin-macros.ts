import { aggregateMacros } from './builtin/aggregates.ts';
import { arrayMacros } from './builtin/arrays.ts';
import { databaseMacros } from './builtin/database.ts';
import { dateMacros } from './builtin/dates.ts';
import { namingMacros } from './builtin/naming.ts';
import { relationMacros } from './builtin/relations.ts';
import { seriesMacros } from './builtin/series.ts';
import { snapshotMacros } from './builtin/snapshots.ts';
import { stringMacros } from './builtin/strings.ts';
import { testMacros } from './builtin/tests.ts';
import { typeMacros } from './builtin/types.ts';
import { unitTestMacros } from './builtin/unit-tests.ts';

/** The macros that dbt and its adapters bring, by file. */
export const builtinMacros: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'database', text: databaseMacros },
  { name: 'naming', text: namingMacros },
  { name: 'tests', text: testMacros },
  { name: 'unit-tests', text: unitTestMacros },
  { name: 'snapshots', text: snapshotMacros },
  { name: 'types', text: typeMacros },
  { name: 'dates', text: dateMacros },
  { name: 'strings', text: stringMacros },
  { name: 'aggregates', text: aggregateMacros },
  { name: 'arrays', text: arrayMacros },
  { name: 'series', text: seriesMacros },
  { name: 'relations', text: relationMacros },
];
