/** A macro of a stand-in that projects may override through `dispatch`, as those of the package it stands in for. */
export function overridable(packageName: string, name: string, parameters: readonly string[], body: string): string {
  const names = parameters.map((parameter) => parameter.replace(/=[\s\S]*/, '')).join(', ');
  return (
    `{% macro ${name}(${parameters.join(', ')}) %}{{ return(adapter.dispatch('${name}', '${packageName}')(${names})) }}{% endmacro %}\n` +
    `{% macro default__${name}(${parameters.join(', ')}) %}${body}{% endmacro %}\n`
  );
}

/** A generic test of a stand-in, which projects may override too. */
export function overridableTest(packageName: string, name: string, parameters: readonly string[], body: string): string {
  const names = parameters.map((parameter) => parameter.replace(/=[\s\S]*/, '')).join(', ');
  return (
    `{% test ${name}(${parameters.join(', ')}) %}{{ return(adapter.dispatch('test_${name}', '${packageName}')(${names})) }}{% endtest %}\n` +
    `{% macro default__test_${name}(${parameters.join(', ')}) %}${body}{% endmacro %}\n`
  );
}
