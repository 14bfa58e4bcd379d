import type { Command } from './command.ts';
import { buildCommand } from './commands/build.ts';
import { checkCommand } from './commands/check.ts';
import { compileCommand } from './commands/compile.ts';
import { diffCommand } from './commands/diff.ts';
import { docsCommand } from './commands/docs.ts';
import { erdCommand } from './commands/erd.ts';
import { freshnessCommand } from './commands/freshness.ts';
import { graphCommand } from './commands/graph.ts';
import { jinjaCommand } from './commands/jinja.ts';
import { lineageCommand } from './commands/lineage.ts';
import { listCommand } from './commands/list.ts';
import { previewCommand } from './commands/preview.ts';
import { proposeCommand } from './commands/propose.ts';
import { sqlLineageCommand } from './commands/sql-lineage.ts';
import { sqlParseCommand } from './commands/sql-parse.ts';
import { sqlRunCommand, sqlTranslateCommand } from './commands/sql-run.ts';
import { testCommand } from './commands/test.ts';
import { versionCommand } from './commands/version.ts';

/** Every command of `headwater`, in the order of the help. A name of two words is found before one of one word. */
export const commands: readonly Command[] = [
  listCommand,
  erdCommand,
  graphCommand,
  compileCommand,
  lineageCommand,
  checkCommand,
  diffCommand,
  docsCommand,
  testCommand,
  buildCommand,
  freshnessCommand,
  proposeCommand,
  previewCommand,
  jinjaCommand,
  sqlLineageCommand,
  sqlParseCommand,
  sqlRunCommand,
  sqlTranslateCommand,
  versionCommand,
];
