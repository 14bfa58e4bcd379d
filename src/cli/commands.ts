import type { Command } from './command.ts';
import { versionCommand } from './commands/version.ts';

/** Every command of `headwater`, in the order of the help. A name of two words is found before one of one word. */
export const commands: readonly Command[] = [versionCommand];
