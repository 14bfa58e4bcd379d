import type { Chance } from './chance.ts';

const given = [
  'Ada',
  'Ben',
  'Cleo',
  'Dina',
  'Emil',
  'Fay',
  'Gus',
  'Hana',
  'Ivo',
  'Jun',
  'Kai',
  'Lena',
  'Milo',
  'Nora',
  'Omar',
  'Pia',
  'Quin',
  'Rosa',
  'Sami',
  'Tess',
];
const family = [
  'Abel',
  'Brandt',
  'Costa',
  'Dubois',
  'Evans',
  'Fischer',
  'Garcia',
  'Haddad',
  'Ito',
  'Jansen',
  'Kumar',
  'Lopez',
  'Moreau',
  'Novak',
  'Okafor',
  'Petrov',
  'Rossi',
  'Sato',
  'Tanaka',
  'Wagner',
];
const cities = ['Berlin', 'Lyon', 'Austin', 'Osaka', 'Porto', 'Leeds', 'Lagos', 'Lima', 'Oslo', 'Perth'];
const countries = ['Germany', 'France', 'United States', 'Japan', 'Portugal', 'United Kingdom', 'Nigeria', 'Peru', 'Norway', 'Australia'];
const codes = ['DE', 'FR', 'US', 'JP', 'PT', 'GB', 'NG', 'PE', 'NO', 'AU'];
const companies = ['Northwind', 'Acme', 'Bluebird', 'Cedar', 'Delta', 'Evergreen', 'Foxglove', 'Granite', 'Harbor', 'Indigo'];
const things = ['lamp', 'chair', 'mug', 'pen', 'desk', 'bag', 'bottle', 'book', 'cable', 'plant'];
const words = ['alpha', 'bravo', 'cedar', 'delta', 'ember', 'fern', 'grove', 'haven', 'iris', 'juniper'];

/** A text that looks like what a column of that name holds. */
export function believable(name: string, number: number, chance: Chance): string {
  if (/email/.test(name)) return `${chance.one(given)}.${chance.one(family)}${number}@example.com`.toLowerCase();
  if (/first_?name|given_name/.test(name)) return chance.one(given);
  if (/last_?name|family_name|surname/.test(name)) return chance.one(family);
  if (/country_?code|^country_iso|iso_code/.test(name)) return chance.one(codes);
  if (/country/.test(name)) return chance.one(countries);
  if (/city|town/.test(name)) return chance.one(cities);
  if (/currency/.test(name)) return chance.one(['USD', 'EUR', 'GBP']);
  if (/company|account_?name|organi[sz]ation|vendor|customer_?name|merchant/.test(name)) return `${chance.one(companies)} ${number}`;
  if (/user_?name|login|handle/.test(name)) return `${chance.one(given).toLowerCase()}${number}`;
  if (/full_?name|person|owner|^name$|author|agent|manager/.test(name)) return `${chance.one(given)} ${chance.one(family)}`;
  if (/url|website|link|href|referrer/.test(name))
    return `https://www.example.com/${chance.one(words)}/${number}?utm_source=${chance.one(words)}`;
  if (/domain|host/.test(name)) return `${chance.one(words)}${number}.example.com`;
  if (/ip(_address)?$/.test(name)) return `203.0.113.${1 + chance.below(250)}`;
  if (/phone|mobile/.test(name)) return `+1555${String(1000000 + number).slice(-7)}`;
  if (/zip|postal/.test(name)) return String(10000 + chance.below(89999));
  if (/street|address/.test(name)) return `${1 + chance.below(200)} ${chance.one(words)} street`;
  if (/product|item|sku|title|subject/.test(name)) return `${chance.one(words)} ${chance.one(things)}`;
  if (/version/.test(name)) return `${1 + chance.below(9)}.${chance.below(20)}.${chance.below(9)}`;
  if (/uuid|guid/.test(name)) return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  if (/(^|_)id$|_key$/.test(name)) return `k${String(1 + chance.below(Math.max(number, 20))).padStart(4, '0')}`;
  if (/description|comment|note|body|message|text|content/.test(name))
    return `${chance.one(words)} ${chance.one(words)} ${chance.one(things)}`;
  return chance.one(words);
}
