import { TemplateSyntaxError } from '../jinja/errors.ts';
import type { TemplateText } from '../jinja/lexer.ts';
import type { MacroParts } from '../jinja/macro.ts';
import { compileMacros } from '../jinja/template.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import type { Span } from '../text/span.ts';
import { LineMap } from '../text/span.ts';
import type { TemplateBlock } from './blocks.ts';
import { scanBlocks } from './blocks.ts';
import { builtinMacros } from './builtin-macros.ts';
import { isStandIn } from './stand-ins/stand-in-folder.ts';

/** A file that may define macros: everything under a package's macro-paths, and `tests/generic`. */
export interface MacroFile {
  readonly package: string;
  /** Relative to the project's root. */
  readonly path: string;
  readonly text: string;
}

/** A macro, generic test or materialization as its file defines it. */
export interface Macro {
  /** `macro.dbt_utils.star`, in dbt's spelling: tests are `macro.dbt.test_unique`. */
  readonly id: string;
  /** The name it is called by: `star`, `test_unique`, `materialization_table_default`. */
  readonly name: string;
  readonly package: string;
  readonly kind: 'macro' | 'test' | 'materialization';
  readonly path: string;
  /** The block in its file. */
  readonly span: Span;
  readonly file: string;
  readonly arguments: readonly string[];
  /** Its compiled form; made at the first call. */
  compiled(): CompiledMacro;
}

export interface CompiledMacro {
  readonly parts: MacroParts;
  readonly text: TemplateText;
}

/** Every macro of a set of packages, dbt's own included; built once and shared by all renderings. */
export class MacroLibrary {
  readonly #packages = new Map<string, Map<string, Macro>>();

  constructor(
    readonly rootPackage: string,
    readonly macros: readonly Macro[],
    readonly problems: readonly Problem[],
  ) {
    for (const macro of [...builtins(), ...macros]) {
      let names = this.#packages.get(macro.package);
      if (!names) {
        names = new Map();
        this.#packages.set(macro.package, names);
      }
      names.set(macro.name, macro);
    }
  }

  /** A package's macros by name; undefined for a package without any. */
  macrosOf(packageName: string): ReadonlyMap<string, Macro> | undefined {
    return this.#packages.get(packageName);
  }

  /** What a name means to a node of a package: its own macro, the root's, then dbt's; `package.name` reaches into a package. */
  find(name: string, fromPackage: string): Macro | undefined {
    const dot = name.indexOf('.');
    if (dot !== -1) return this.#packages.get(name.slice(0, dot))?.get(name.slice(dot + 1));
    for (const place of [fromPackage, this.rootPackage, 'dbt']) {
      const macro = this.#packages.get(place)?.get(name);
      if (macro) return macro;
    }
    return undefined;
  }

  /** Every name that can be called, for suggestions. */
  *names(): Generator<string> {
    for (const [packageName, names] of this.#packages)
      for (const name of names.keys()) {
        yield name;
        yield `${packageName}.${name}`;
      }
  }
}

let builtinCache: readonly Macro[] | undefined;

/** dbt's own macros, read once for all libraries: they never change. */
function builtins(): readonly Macro[] {
  builtinCache ??= builtinMacros.flatMap(({ name, text }) => readFile({ package: 'dbt', path: `dbt/${name}.sql`, text }, []));
  return builtinCache;
}

/** Reads macro files; files of an earlier library with the same text keep their compiled macros. */
export function buildMacroLibrary(rootPackage: string, files: readonly MacroFile[], earlier?: MacroLibrary): MacroLibrary {
  const known = new Map<string, Macro[]>();
  for (const macro of earlier?.macros ?? []) {
    const key = `${macro.package}\n${macro.path}\n${macro.file}`;
    known.set(key, [...(known.get(key) ?? []), macro]);
  }
  const problems: Problem[] = [];
  const macros = files.flatMap((file) => known.get(`${file.package}\n${file.path}\n${file.text}`) ?? readFile(file, problems));
  return new MacroLibrary(rootPackage, macros, problems);
}

function readFile(file: MacroFile, problems: Problem[]): Macro[] {
  const { blocks, faults } = scanBlocks(file.text);
  if (faults.length > 0) {
    const lines = new LineMap(file.text);
    for (const fault of faults) problems.push(toProblem('jinja-syntax', fault.message, lines.location(file.path, fault.span)));
  }
  return blocks.filter((block) => block.kind !== 'docs' && block.kind !== 'snapshot').map((block) => readBlock(file, block, problems));
}

function readBlock(file: MacroFile, block: TemplateBlock, problems: Problem[]): Macro {
  const header = file.text.slice(block.span.start, block.body.start);
  const name = block.kind === 'macro' ? block.name : block.kind === 'test' ? `test_${block.name}` : materializationName(block.name, header);
  const id = `macro.${file.package}.${name}`;
  let compiled: CompiledMacro | undefined;
  const compile = (): CompiledMacro => {
    if (compiled) return compiled;
    const { text, macros } = compileMacros(file.text.slice(block.span.start, block.span.end), id, 'dbt_macro__');
    const [parts] = macros;
    if (!parts) throw new TemplateSyntaxError(`'${block.name}' is not a macro.`, 0, id);
    compiled = { parts, text };
    return compiled;
  };
  if (file.package !== 'dbt' && !isStandIn(file)) {
    try {
      compile();
    } catch (error) {
      if (!(error instanceof TemplateSyntaxError)) throw error;
      const start = block.span.start + error.offset;
      problems.push(toProblem('jinja-syntax', error.message, new LineMap(file.text).location(file.path, { start, end: start + 1 })));
    }
  }
  return {
    id,
    name,
    package: file.package,
    kind: block.kind === 'test' ? 'test' : block.kind === 'materialization' ? 'materialization' : 'macro',
    path: file.path,
    span: block.span,
    file: file.text,
    get arguments() {
      return compiled?.parts.parameters ?? [];
    },
    compiled: compile,
  };
}

function materializationName(name: string, header: string): string {
  return `materialization_${name}_${/adapter\s*=\s*['"](\w+)['"]/.exec(header)?.[1] ?? 'default'}`;
}
