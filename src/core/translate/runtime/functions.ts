import { aggregateFunctions } from './aggregates.ts';
import { castFunctions } from './casts.ts';
import { dateFunctions } from './dates.ts';
import type { RuntimeFunctions } from './function.ts';
import { jsonFunctions } from './json.ts';
import { numberFunctions } from './numbers.ts';
import { regexFunctions } from './regex.ts';
import { stringFunctions } from './strings.ts';

/** Every function that translated SQL may call, by the name behind `hw_`. */
export const runtimeFunctions: RuntimeFunctions = {
  ...aggregateFunctions,
  ...castFunctions,
  ...dateFunctions,
  ...jsonFunctions,
  ...numberFunctions,
  ...regexFunctions,
  ...stringFunctions,
};
