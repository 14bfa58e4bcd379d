import type { Problem } from '../text/problem.ts';
import type { Span } from '../text/span.ts';

/** A file that may define macros: everything under a package's macro-paths, and `tests/generic`. */
export interface MacroFile {
  readonly package: string;
  /** Relative to the project's root. */
  readonly path: string;
  readonly text: string;
}

export interface MacroArgument {
  readonly name: string;
  /** The source text of its default, where it has one. */
  readonly default?: string;
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
  readonly span: Span;
  readonly arguments: readonly MacroArgument[];
}

/** Every macro of a set of packages, dbt's own included; built once and shared by all renderings. */
export interface MacroLibrary {
  readonly macros: readonly Macro[];
  readonly problems: readonly Problem[];
  /** The macro that a name means in a package: its own, the root's, then dbt's; `package.name` reaches into a package. */
  find(name: string, fromPackage: string): Macro | undefined;
}
