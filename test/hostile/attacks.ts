import type { Attack } from './attack.ts';
import { batchAttacks, streamAttacks } from './batch-attacks.ts';
import { fileAttacks } from './file-attacks.ts';
import { jinjaAttacks } from './jinja-attacks.ts';
import { sqlAttacks } from './sql-attacks.ts';
import { textAttacks } from './text-attacks.ts';

/** Every hostile project. */
export const attacks: readonly Attack[] = [
  ...jinjaAttacks,
  ...sqlAttacks,
  ...textAttacks,
  ...fileAttacks,
  ...batchAttacks,
  ...streamAttacks,
];
