import type { AnalysisSettings } from '../core/analyze.ts';
import { Analyzer } from '../core/analyze.ts';
import { templateEngine } from '../core/dbt/template-engine.ts';
import { Sources } from '../core/project/sources.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { toProblem } from '../core/text/problem.ts';

/** A project that is not read: nothing of it is known but why. */
export function toSetAside(settings: AnalysisSettings, paths: Iterable<string>, because: string): Snapshot {
  const { advance: _, ...empty } = new Analyzer(templateEngine).analyze(Sources.none, settings);
  const message = `This project was set aside: ${because} Other projects are not affected. Change or remove what takes so long, then choose Try Again.`;
  return { ...empty, problems: [toProblem('project-set-aside', message, placeOf(paths))] };
}

/** The file where somebody would look first. */
function placeOf(paths: Iterable<string>): string {
  const all = [...paths];
  return (
    ['dbt_project.yml', 'headwater.yml'].find((path) => all.includes(path)) ?? all.find((path) => /\.sql$/i.test(path)) ?? all[0] ?? ''
  );
}
