import { Analyzer } from '../core/analyze.ts';
import { isDataFile } from '../core/data/formats.ts';
import { templateEngine } from '../core/dbt/template-engine.ts';
import { Sources } from '../core/project/sources.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { GitError } from '../disk/git/git-error.ts';
import { openRepository } from '../disk/git/repository.ts';
import { readTreeFiles } from '../disk/git/tree-files.ts';
import { UsageError } from './command.ts';
import type { OpenedProject } from './project.ts';

const wanted = (path: string): boolean => isDataFile(path) || /\.(sql|ya?ml|md|py|ts|js|mjs)$/i.test(path);

/** The project as it was at a revision of the git repository that it lies in; installed packages are taken as they are now. */
export function readBaseline(opened: OpenedProject, revision: string): Snapshot {
  const contents: Record<string, Uint8Array> = {};
  for (const path of opened.snapshot.sources.below('dbt_packages')) {
    const file = opened.snapshot.sources.find(path);
    if (file) contents[path] = file.bytes;
  }
  for (const [path, bytes] of readRevision(opened.root, revision)) contents[path] = bytes;
  return new Analyzer(templateEngine).analyze(Sources.of(contents), opened.settings);
}

/** A repository is project content: its objects are read as files, and no program is ever started for them. */
function readRevision(root: string, revision: string): ReadonlyMap<string, Uint8Array> {
  try {
    const repository = openRepository(root);
    try {
      return readTreeFiles(repository, revision, wanted);
    } finally {
      repository.objects.close();
    }
  } catch (error) {
    // What the disk refuses (a folder without permission, a pack that went) has a code.
    if (error instanceof GitError || (error instanceof Error && 'code' in error))
      throw new UsageError(`The revision '${revision}' could not be read: ${error.message}.`);
    throw error;
  }
}
