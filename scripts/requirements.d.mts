/** A Debian package that the tests need, and whether what they use of it is there. */
export interface Requirement {
  readonly name: string;
  readonly isPresent: () => boolean;
}
export const python: string;
export const chromium: string;
export const debianPackages: readonly Requirement[];
export function findPostgres(): string | undefined;
export function findMissingPackages(packages?: readonly Requirement[]): string[];
