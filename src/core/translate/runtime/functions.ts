import { aggregateFunctions } from './aggregates.ts';
import { arrayFunctions } from './arrays.ts';
import { castFunctions } from './casts.ts';
import { dateFunctions } from './dates.ts';
import { lenient, type Raw, type RuntimeFunctions, ValueError } from './function.ts';
import { jsonFunctions } from './json.ts';
import { numberFunctions } from './numbers.ts';
import { postgresFunctions } from './postgres.ts';
import { printfFunctions } from './printf.ts';
import { randomFunctions } from './random.ts';
import { regexFunctions } from './regex.ts';
import { stringFunctions } from './strings.ts';
import { warehouseFunctions } from './warehouses.ts';

const plain: RuntimeFunctions = {
  ...aggregateFunctions,
  ...arrayFunctions,
  ...castFunctions,
  ...dateFunctions,
  ...jsonFunctions,
  ...numberFunctions,
  ...postgresFunctions,
  ...printfFunctions,
  ...randomFunctions,
  ...regexFunctions,
  ...stringFunctions,
  ...warehouseFunctions,
};

/** Every function that translated SQL may call, by the name behind `hw_`. */
export const runtimeFunctions: RuntimeFunctions = {
  ...plain,
  ...lenient({
    /** Another function by name, NULL where that fails. */
    try: (name: string, ...args: Raw[]) => {
      const found = plain[name];
      if (found === undefined || (found.strict && args.includes(null))) return null;
      try {
        const value = found.run(...args);
        return typeof value === 'boolean' ? Number(value) : value;
      } catch (error) {
        if (error instanceof ValueError || error instanceof RangeError || error instanceof URIError) return null;
        throw error;
      }
    },
  }),
};
