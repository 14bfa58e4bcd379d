import type { Unread } from '../text/files.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import type { Sources } from './sources.ts';

const mostTold = 200;

const sentences: Readonly<Record<Unread, string>> = {
  link: 'This is a link that leads outside the project, or to a folder: it is not followed. Put what it leads to in its place.',
  unreadable: 'This cannot be read: it went, or permission is missing. What is in it is unknown here.',
  name: 'The name of this file is not UTF-8, so that it cannot be opened: rename it.',
  special: 'This is not a regular file (but a pipe, a socket or a device), so it is not opened.',
  'too-large': 'This file is larger than what is read, alone or together with the others: it is left out.',
  'too-many': 'This folder holds more files than are listed: what comes after them is unknown here.',
};

/** One problem for every file that is there and was not read. */
export function toSkippedProblems(sources: Sources): readonly Problem[] {
  const skipped = [...sources.skipped].sort(([a], [b]) => (a < b ? -1 : 1));
  return skipped
    .slice(0, mostTold)
    .map(([path, why]) => toProblem(why === 'too-large' ? 'file-too-large' : 'file-skipped', sentences[why], path));
}
