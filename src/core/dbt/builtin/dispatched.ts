/** What a macro gives, by adapter; adapters that agree share a key with spaces between them, and `default` is for all others. */
export type Versions = Readonly<Record<string, string>>;

/**
 * The text of a macro that asks the adapter: the macro itself, and `<adapter>__<name>` for each version. Parameters are written with
 * their defaults, which only the macro itself has. With `around`, the result is printed between the two texts instead of returned, as some of dbt's macros do.
 */
export function dispatched(name: string, parameters: readonly string[], versions: Versions, around?: readonly [string, string]): string {
  const names = parameters.map((parameter) => parameter.replace(/=[\s\S]*/, ''));
  const call = `adapter.dispatch('${name}', 'dbt')(${names.join(', ')})`;
  const answer = around === undefined ? `{{ return(${call}) }}` : `${around[0]}{{ ${call} }}${around[1]}`;
  return macro(name, parameters, answer) + implementations(name, names, versions);
}

/** The versions of a macro without the macro that chooses among them. */
export function implementations(name: string, parameters: readonly string[], versions: Versions): string {
  return Object.entries(versions)
    .flatMap(([adapters, body]) => adapters.split(' ').map((adapter) => macro(`${adapter}__${name}`, parameters, body)))
    .join('');
}

/** One macro, whose body is printed to the letter. */
export function macro(name: string, parameters: readonly string[], body: string): string {
  return `{% macro ${name}(${parameters.join(', ')}) %}${body}{% endmacro %}\n`;
}

/** A body that depends on the value of a variable; several values that agree share a key, and `otherwise` is for all others. */
export function choose(variable: string, texts: Readonly<Record<string, string>>, otherwise: string): string {
  const tests = Object.entries(texts).map(([values, text]) => {
    const list = values.split(' ').map((value) => `'${value}'`);
    return `if ${variable} in [${list.join(', ')}] %}${text}`;
  });
  return `{% ${tests.join('{% el')}{% else %}${otherwise}{% endif %}`;
}
