import { isRelation, type ProjectNode } from '../project/node.ts';
import type { NodeId } from '../text/ids.ts';
import { toSingular } from './candidates.ts';

const layers = /^(raw|src|stg|base|int|fct|fact|dim|mart|rpt|tbl)_+|_+(raw|src|tbl|table|data|info|csv|export|extract)s?$/g;

/** The relation that a constraint or a dictionary names: as written, as `ref` or `source`, or without what only says of which layer it is. */
export function findTable(relations: readonly ProjectNode[], written: string): NodeId | undefined {
  const quoted = [...written.matchAll(/['"`]([^'"`]+)['"`]/g)].map((match) => match[1] ?? '');
  const isCall = /^(ref|source)\s*\(/.test(written.trim());
  const name = (isCall ? (quoted.at(-1) ?? written) : written.replace(/["`[\]]/g, '')).toLowerCase();
  const last = name.split('.').at(-1) ?? name;
  const nameOf = (node: ProjectNode): string => node.name.toLowerCase();
  const exact =
    relations.find((node) => node.id.toLowerCase() === name) ??
    relations.find((node) => nameOf(node) === name) ??
    relations.find((node) => nameOf(node) === last) ??
    relations.find((node) => isRelation(node) && node.identifier.toLowerCase() === last);
  if (exact !== undefined || isCall) return exact?.id;
  // "Links to accounts table" beside accounts_raw.csv, or beside saas_accounts.csv among other files that begin with saas_.
  const data = relations.filter((node) => node.kind === 'seed' || node.kind === 'source');
  const shared = sharedPrefix(data.map(nameOf));
  const wanted = toStem(last, '');
  const named = data.filter((node) => toStem(nameOf(node), shared) === wanted);
  return named.length === 1 ? named[0]?.id : undefined;
}

/** What a table is about: its name without layer and shared prefix, in the singular. */
function toStem(name: string, shared: string): string {
  const own = shared !== '' && name.startsWith(shared) ? name.slice(shared.length) : name;
  return toSingular(own.replace(layers, ''));
}

/** The first word that all of several names begin with, as `saas_`; empty where they share none. */
function sharedPrefix(names: readonly string[]): string {
  const first = /^[a-z0-9]+_/.exec(names[0] ?? '')?.[0] ?? '';
  return names.length > 1 && first !== '' && names.every((name) => name.startsWith(first) && name.length > first.length) ? first : '';
}
