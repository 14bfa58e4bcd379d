import type { Problem } from '../core/text/problem.ts';
import type { Outline } from '../protocol.ts';

/** Whether a file belongs to an installed package, which its user does not edit. */
export function isInPackage({ packageRoots }: Pick<Outline, 'packageRoots'>, path: string): boolean {
  return packageRoots.some((root) => path.startsWith(`${root}/`));
}

/** The problems of the project itself; those of packages are only shown in their files while they are open. */
export function ownProblems(outline: Outline): readonly Problem[] {
  return outline.packageRoots.length === 0 ? outline.problems : outline.problems.filter(({ path }) => !isInPackage(outline, path));
}
