import { isGrain } from './grain.ts';
import type { SemanticLayer } from './semantic-layer.ts';

/** Something that metrics are grouped or filtered by, as it is written: `account__industry`, `metric_time__month`, `listing`. */
export interface Item {
  readonly kind: 'any' | 'dimension' | 'time' | 'entity' | 'metric';
  /** The entities that lead to it. */
  readonly path: readonly string[];
  readonly name: string;
  readonly grain?: string;
  /** `year`, `month`, …: a part of a date as a number. */
  readonly part?: string;
  /** Of a metric: what it is grouped by. */
  readonly by?: readonly string[];
}

/** A condition: text with items in it. */
export type Condition = readonly (string | Item)[];

const timeName = 'metric_time';

/** Whether an item is the time that each measure is counted by. */
export function isMetricTime(item: Item): boolean {
  return item.name === timeName && item.path.length === 0;
}

/** The name of an item's column in an answer. */
export function keyOf(item: Item, grain = item.grain): string {
  const last = item.part !== undefined ? `extract_${item.part}` : grain;
  return [...item.path, item.name, ...(last === undefined ? [] : [last])].join('__');
}

/** Reads `entity__dimension__grain`. */
export function readItem(text: string, layer: SemanticLayer, kind: Item['kind'] = 'any', path: readonly string[] = []): Item {
  const words = text.trim().toLowerCase().split('__');
  const last = words[words.length - 1] ?? '';
  const isOwnGrain = layer.spines.some((spine) => spine.custom.some((one) => one.name.toLowerCase() === last));
  const grain = words.length > 1 && (isGrain(last) || isOwnGrain) ? words.pop() : undefined;
  const name = words.pop() ?? '';
  return { kind, path: [...path, ...words], name, ...(grain === undefined ? {} : { grain }) };
}

const callPattern = /\{\{-?\s*(Dimension|TimeDimension|Entity|Metric)\s*\(([^)]*)\)((?:\s*\.\s*\w+\s*\([^)]*\))*)\s*-?\}\}/g;

/** Reads a filter of a properties file; undefined where there is a template in it that is none of the four calls. */
export function readCondition(text: string, layer: SemanticLayer): Condition | undefined {
  const parts: (string | Item)[] = [];
  let at = 0;
  for (const match of text.matchAll(callPattern)) {
    parts.push(text.slice(at, match.index));
    parts.push(readCall(match[1] ?? '', match[2] ?? '', match[3] ?? '', layer));
    at = match.index + match[0].length;
  }
  parts.push(text.slice(at));
  return parts.some((part) => typeof part === 'string' && /\{\{|\{%/.test(part)) ? undefined : parts.filter((part) => part !== '');
}

/** Reads a group-by of a saved query: a call as in a filter without braces, or a name. */
export function readGroupBy(text: string, layer: SemanticLayer): Item {
  const trimmed = text.trim();
  if (!/^(Dimension|TimeDimension|Entity|Metric)\s*\(/.test(trimmed)) return readItem(trimmed, layer);
  const [item] = readCondition(`{{ ${trimmed} }}`, layer) ?? [];
  return item === undefined || typeof item === 'string' ? readItem(trimmed, layer) : item;
}

/** Reads a condition typed by a person, in which names such as `account__industry` may stand without braces. */
export function readTypedCondition(text: string, layer: SemanticLayer): Condition | undefined {
  return readCondition(text, layer)?.flatMap((part) => (typeof part === 'string' ? splitNames(part, layer) : [part]));
}

function splitNames(text: string, layer: SemanticLayer): readonly (string | Item)[] {
  const parts: (string | Item)[] = [];
  let plain = '';
  for (const piece of text.match(/'(?:[^']|'')*'|"[^"]*"|[A-Za-z_][\w.]*|[^'"A-Za-z_]+|./gs) ?? []) {
    if (/^[A-Za-z_]\w*$/.test(piece) && isNameOf(piece, layer)) {
      parts.push(plain, readItem(piece, layer));
      plain = '';
    } else plain += piece;
  }
  return [...parts, plain].filter((part) => part !== '');
}

function isNameOf(word: string, layer: SemanticLayer): boolean {
  return word.includes('__') || word === timeName || layer.models.some((model) => model.entities.some((entity) => entity.name === word));
}

function readCall(call: string, text: string, chain: string, layer: SemanticLayer): Item {
  const strings = (value: string): string[] => [...value.matchAll(/(['"])(.*?)\1/g)].map((match) => match[2] ?? '');
  const lists = /\[([^\]]*)\]/.exec(text);
  const inList = lists === null ? [] : strings(lists[1] ?? '');
  const [first = '', second] = strings(lists === null ? text : text.replace(lists[0], ''));
  if (call === 'Metric')
    return { kind: 'metric', path: [], name: first, by: inList.length > 0 ? inList : second === undefined ? [] : [second] };
  const kind = call === 'Entity' ? 'entity' : call === 'TimeDimension' ? 'time' : 'dimension';
  const item = readItem(first, layer, kind, inList);
  const named = /time_granularity_name\s*=\s*['"](\w+)['"]/.exec(text)?.[1] ?? second;
  const part = /date_part_name\s*=\s*['"](\w+)['"]/.exec(text)?.[1] ?? /\.\s*date_part\s*\(\s*['"](\w+)['"]/.exec(chain)?.[1];
  const grain =
    /\.\s*grain\s*\(\s*['"](\w+)['"]/.exec(chain)?.[1] ?? (kind === 'time' && part === undefined ? named : undefined) ?? item.grain;
  const { grain: _, ...bare } = item;
  return {
    ...bare,
    ...(grain === undefined || part !== undefined ? {} : { grain: grain.toLowerCase() }),
    ...(part === undefined ? {} : { part: part.toLowerCase() }),
  };
}
