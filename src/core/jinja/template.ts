import { Budget, BudgetError } from './budget.ts';
import type { Execute } from './compile-statement.ts';
import { StatementCompiler } from './compile-statement.ts';
import { TemplateSyntaxError } from './errors.ts';
import type { TemplateText } from './lexer.ts';
import type { MacroParts } from './macro.ts';
import { parseTemplate } from './parser.ts';
import type { Globals } from './runtime.ts';
import { Output, Runtime, Scope } from './runtime.ts';
import type { MacroKind, Statement } from './syntax.ts';
import { onBudget } from './work.ts';

/** A macro at the top of a template. */
export interface DefinedMacro extends MacroParts {
  readonly macroKind: MacroKind;
}

/** A compiled template; renders any number of times. */
export class Template {
  constructor(
    readonly name: string,
    readonly text: TemplateText,
    readonly run: Execute,
  ) {}

  /** Renders into an output that the caller gives, so that what was written before an error is kept. */
  renderInto(out: Output, runtime: Runtime): void {
    this.run({ scope: new Scope(), runtime }, out);
  }
}

/** Compiles a template; `macroPrefix` hides the macros it defines, as dbt does. Throws a TemplateSyntaxError. */
export function compileTemplate(source: string, name: string, macroPrefix = ''): Template {
  return guardDepth(name, () => {
    const parsed = parseTemplate(source, name);
    return new Template(name, parsed.text, new StatementCompiler(name, macroPrefix).compileBlock(parsed.body));
  });
}

/** Compiles the macros at the top of a template and nothing else of it. */
export function compileMacros(
  source: string,
  name: string,
  macroPrefix = '',
): { readonly text: TemplateText; readonly macros: readonly DefinedMacro[] } {
  return guardDepth(name, () => {
    const parsed = parseTemplate(source, name);
    const compiler = new StatementCompiler(name, macroPrefix);
    const macros = parsed.body
      .filter((statement): statement is Statement & { kind: 'macro' } => statement.kind === 'macro')
      .map((macro) => ({ ...compiler.compileMacro(macro.name, macro, macro.body), macroKind: macro.macroKind }));
    return { text: parsed.text, macros };
  });
}

function guardDepth<T>(name: string, build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (error instanceof RangeError) throw new TemplateSyntaxError('The template is nested too deeply to be read.', 0, name);
    throw error;
  }
}

/** Renders a template of plain Jinja, without dbt: its text. */
export function renderTemplate(source: string, globals: Globals, name = 'template'): string {
  const template = compileTemplate(source, name);
  const budget = new Budget();
  const out = new Output(budget);
  try {
    onBudget(budget, () => template.renderInto(out, new Runtime(globals, budget)));
  } catch (error) {
    if (error instanceof RangeError) throw new BudgetError('The template is nested too deeply and was stopped.');
    throw error;
  }
  return out.text;
}
