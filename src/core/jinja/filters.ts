import { raise } from './errors.ts';
import { sequenceFilters } from './filters-sequence.ts';
import { textFilters } from './filters-text.ts';
import { valueFilters } from './filters-value.ts';
import { Markup } from './markup.ts';
import type { Runtime } from './runtime.ts';
import type { Keywords, Value } from './values.ts';

/** A filter or a test: the value before the bar, then the arguments. */
export type Filter = (value: Value, args: readonly Value[], keywords: Keywords, runtime: Runtime) => Value;
export type Filters = Readonly<Record<string, Filter>>;

/** The filters that tell markup from other text, and those that give markup back where they are given it. */
const aware = new Set(['e', 'escape', 'forceescape', 'safe', 'string', 'default', 'd', 'pprint']);
const keeping = new Set(['upper', 'lower', 'title', 'capitalize', 'trim', 'replace', 'indent', 'center', 'truncate', 'wordwrap']);

/** The filters that take nothing but their value. */
const bare = new Set(
  'abs capitalize count e escape first forceescape items last length list lower pprint random reverse safe string striptags title upper urlencode wordcount'.split(
    ' ',
  ),
);

function refuse(name: string, keywords: Keywords): never {
  const [keyword] = keywords.keys();
  const what =
    keyword === undefined ? 'takes 1 positional argument but more were given' : `got an unexpected keyword argument '${keyword}'`;
  raise('TypeError', `do_${name}() ${what}`);
}

/** A filter that sees markup as the text it is. */
function overMarkup(name: string, given: Filter): Filter {
  const filter: Filter = !bare.has(name)
    ? given
    : (value, args, keywords, runtime) =>
        args.length > 0 || keywords.size > 0 ? refuse(name, keywords) : given(value, args, keywords, runtime);
  if (aware.has(name)) return filter;
  return (value, args, keywords, runtime) => {
    const plain = args.some((item) => item instanceof Markup) ? args.map((item) => (item instanceof Markup ? item.value : item)) : args;
    if (!(value instanceof Markup)) return filter(value, plain, keywords, runtime);
    const made = filter(value.value, plain, keywords, runtime);
    return typeof made === 'string' && keeping.has(name) ? value.with(made) : made;
  };
}

/** Every filter of Jinja 3.1, and those that dbt adds. */
export const filters: ReadonlyMap<string, Filter> = new Map(
  Object.entries({ ...textFilters, ...sequenceFilters, ...valueFilters }).map(([name, filter]) => [name, overMarkup(name, filter)]),
);
