import { type AnalysisSettings, Analyzer } from '../core/analyze.ts';
import { templateEngine } from '../core/dbt/template-engine.ts';
import { Sources } from '../core/project/sources.ts';
import type { Snapshot } from '../core/snapshot.ts';

/** A minute is no more than people expect `current_date` to lag behind. */
const longest = 60_000;

/** A project that stays open from one question to the next: files that did not change are not read again, and nothing is worked out twice. */
export class KeptProject {
  readonly analyzer = new Analyzer(templateEngine);
  #sources = Sources.none;
  #settings: AnalysisSettings | undefined;
  #snapshot: Snapshot | undefined;

  /** The files as they were last seen. */
  get sources(): Sources {
    return this.#sources;
  }

  /** The settings of the last reading where they still say the same and the clock has not gone far; else the new ones. */
  settle(settings: AnalysisSettings): AnalysisSettings {
    const before = this.#settings;
    const { runStartedAt } = settings;
    const isNear = before !== undefined && Date.parse(runStartedAt) - Date.parse(before.runStartedAt) < longest;
    if (
      before !== undefined &&
      isNear &&
      JSON.stringify({ ...settings, runStartedAt: '', invocationId: '' }) ===
        JSON.stringify({ ...before, runStartedAt: '', invocationId: '' })
    )
      return before;
    return settings;
  }

  /** The Snapshot of these files; the last one where nothing changed. */
  analyze(sources: Sources, settings: AnalysisSettings): Snapshot {
    if (this.#snapshot !== undefined && this.#settings === settings && isSame(this.#sources, sources)) return this.#snapshot;
    this.#snapshot = this.analyzer.analyze(sources, settings);
    this.#sources = sources;
    this.#settings = settings;
    return this.#snapshot;
  }
}

function isSame(before: Sources, now: Sources): boolean {
  return before.paths.length === now.paths.length && now.paths.every((path) => before.find(path) === now.find(path));
}
