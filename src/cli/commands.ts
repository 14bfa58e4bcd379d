import type { Command } from './command.ts';
import { jinjaCommand } from './commands/jinja.ts';
import { sqlLineageCommand } from './commands/sql-lineage.ts';
import { sqlParseCommand } from './commands/sql-parse.ts';
import { versionCommand } from './commands/version.ts';

/** Every command of `headwater`, in the order of the help. A name of two words is found before one of one word. */
export const commands: readonly Command[] = [jinjaCommand, sqlLineageCommand, sqlParseCommand, versionCommand];
