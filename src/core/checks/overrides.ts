import type { PlainRecord, RenderEnvironment } from '../dbt/environment.ts';
import { buildMacroLibrary, type MacroFile, MacroLibrary } from '../dbt/macro-library.ts';
import { toPlainRecord } from '../project/dbt-plain.ts';
import type { UnitTestNode } from '../project/node.ts';

/** The environment that a unit test asks for: macros that give a fixed value, vars and environment variables of its own. */
export function withOverrides(environment: RenderEnvironment, { overrides }: UnitTestNode, packageName: string): RenderEnvironment {
  const { macros, vars, envVars } = overrides;
  return {
    ...environment,
    env: { ...environment.env, ...envVars },
    vars: { ...environment.vars, invocation: { ...environment.vars.invocation, ...toPlainRecord(vars) } },
    macros: Object.keys(macros).length === 0 ? environment.macros : overrideMacros(environment.macros, toPlainRecord(macros), packageName),
  };
}

/** `star` stands for the macro as the model calls it, `dbt_utils.star` for the one of that package. */
function overrideMacros(library: MacroLibrary, values: PlainRecord, packageName: string): MacroLibrary {
  const files: MacroFile[] = [];
  for (const [name, value] of Object.entries(values)) {
    const dot = name.indexOf('.');
    const bare = dot === -1 ? name : name.slice(dot + 1);
    const json = JSON.stringify(value ?? null)
      .replaceAll('\\', '\\\\')
      .replaceAll("'", "\\'");
    // Naming varargs and kwargs lets a macro be called with any arguments.
    const text = `{% macro ${bare}() %}{% set given = [varargs, kwargs] %}{{ return(fromjson('${json}')) }}{% endmacro %}`;
    const packages = dot === -1 ? new Set([packageName, library.rootPackage]) : new Set([name.slice(0, dot)]);
    for (const one of packages) files.push({ package: one, path: `unit test override of ${name}`, text });
  }
  const made = buildMacroLibrary(library.rootPackage, files);
  return new MacroLibrary(library.rootPackage, [...library.macros, ...made.macros], library.problems);
}
