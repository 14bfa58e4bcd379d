import { raise } from '../jinja/errors.ts';
import { argument } from '../jinja/protocols.ts';
import { toText } from '../jinja/repr.ts';
import type { Keywords, Value } from '../jinja/values.ts';
import { PyObject } from '../jinja/values.ts';
import { withNearest } from '../text/nearest.ts';
import type { Plain, PlainRecord, VarScopes } from './environment.ts';
import { fromPlain } from './plain.ts';
import type { Session } from './session.ts';

/** The value that a var has for a node of a package, by dbt's precedence; undefined when nothing sets it. */
export function findVar(vars: VarScopes, name: string, packageName: string): Plain | undefined {
  for (const scope of scopes(vars, packageName)) if (Object.hasOwn(scope, name)) return scope[name];
  return undefined;
}

function* scopes(vars: VarScopes, packageName: string): Generator<PlainRecord> {
  yield vars.invocation;
  yield section(vars.root, packageName);
  yield vars.root;
  const own = vars.packages.get(packageName);
  if (!own) return;
  yield section(own, packageName);
  yield own;
}

function section(vars: PlainRecord, packageName: string): PlainRecord {
  const inside = vars[packageName];
  return typeof inside === 'object' && inside !== null && !Array.isArray(inside) ? (inside as PlainRecord) : {};
}

/** `var`: callable, with `has_var`. */
export class VarFunction extends PyObject {
  constructor(readonly session: Session) {
    super();
  }

  override isCallable(): boolean {
    return true;
  }

  override attribute(name: string): Value | undefined {
    return name === 'has_var' ? (args) => this.#find(toText(args[0] ?? '')) !== undefined : undefined;
  }

  override call(args: readonly Value[], keywords: Keywords): Value {
    const name = toText(argument(args, keywords, 0, 'var_name') ?? '');
    this.session.varsRead.add(name);
    const value = this.#find(name);
    if (value !== undefined)
      return typeof value === 'string' && !this.session.subject.isValue ? this.session.renderText(value, `var ${name}`) : fromPlain(value);
    const otherwise = argument(args, keywords, 1, 'default');
    if (otherwise !== undefined) return otherwise;
    if (!this.session.executes) return null;
    const { vars } = this.session.environment;
    const names = [...scopes(vars, this.session.subject.package)].flatMap((scope) => Object.keys(scope));
    return raise(
      'CompilationError',
      withNearest(`Required var '${name}' not found: set it under vars in dbt_project.yml, or pass it with --vars.`, name, names),
    );
  }

  #find(name: string): Plain | undefined {
    return findVar(this.session.environment.vars, name, this.session.subject.package);
  }
}
