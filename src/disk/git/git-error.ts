/** What a repository does not hold or what is not read of it, as a sentence for the user. */
export class GitError extends Error {}
