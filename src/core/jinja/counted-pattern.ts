import { mayRunAway, RegexMatcher } from './regex-matcher.ts';

/** Steps that one search of a pattern may take: a few tens of milliseconds. */
const mostSteps = 500_000;

/**
 * A regular expression that somebody's project wrote. Where it may run away it is matched in counted steps, and fails when they are used up;
 * searching, replacing and splitting all come through `exec`.
 */
export class CountedPattern extends RegExp {
  #matcher: RegexMatcher | undefined;

  override exec(text: string): RegExpExecArray | null {
    if (!mayRunAway(this.source, text.length)) return super.exec(text);
    const moves = this.global || this.sticky;
    const from = moves ? this.lastIndex : 0;
    this.#matcher ??= new RegexMatcher(this.source, this.flags.replace(/[^imsu]/g, ''), { steps: 0 });
    this.#matcher.allowance.steps = mostSteps;
    const found = from > text.length ? null : this.#matcher.exec(text, from, this.sticky);
    if (moves) this.lastIndex = found === null ? 0 : (found.index ?? 0) + found[0].length;
    return found as RegExpExecArray | null;
  }
}
