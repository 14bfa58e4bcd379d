import { type StateChanges, select, selectExpression } from '../core/dbt/selector.ts';
import { parseSelector, usesMethod } from '../core/dbt/selector-parse.ts';
import { readYamlSelectors } from '../core/dbt/selector-yaml.ts';
import { diffSnapshots, toStateChanges } from '../core/dbt/state.ts';
import { parseYaml } from '../core/project/yaml.ts';
import type { NodeId } from '../core/text/ids.ts';
import { withNearest } from '../core/text/nearest.ts';
import { readBaseline } from './baseline.ts';
import type { Invocation, OptionSpec } from './command.ts';
import { UsageError } from './command.ts';
import type { OpenedProject } from './project.ts';

export const selectionOptions: readonly OptionSpec[] = [
  { name: 'select', value: 'S', summary: "dbt's node selection (default: everything)", takesMany: true, short: 's' },
  { name: 'exclude', value: 'S', summary: 'what to leave out of it', takesMany: true },
  { name: 'selector', value: 'NAME', summary: 'a selector of selectors.yml' },
];

/** The nodes that the options select, in dbt's order of ids; what is wrong with a selection goes to standard error. */
export async function selectIds(
  opened: OpenedProject,
  invocation: Invocation,
  /** Where dbt has such a command, a selector that calls itself the default stands for asking nothing. */
  asks: 'as dbt' | 'all' = 'all',
): Promise<readonly NodeId[]> {
  const { snapshot } = opened;
  const exclude = invocation.option('exclude');
  const file = snapshot.sources.find('selectors.yml');
  const yaml = file === undefined ? undefined : readYamlSelectors(parseYaml(file).value);
  const options = {
    packageName: snapshot.project.name,
    ...(exclude === undefined ? {} : { exclude }),
    ...(yaml === undefined ? {} : { selectors: yaml.selectors }),
  };
  const asksNothing = ['select', 'exclude'].every((name) => invocation.option(name) === undefined);
  const standing = asks === 'as dbt' && asksNothing && invocation.option('selector') === undefined ? yaml?.defaultName : undefined;
  if (standing !== undefined) invocation.say(`'${standing}' selects, as the default of selectors.yml: --select '*' asks for everything.`);
  const named = invocation.option('selector') ?? standing;
  for (const problem of yaml?.problems ?? []) if (problem.selector === named) invocation.say(problem.message);
  const expression = named === undefined ? undefined : yaml?.selectors.get(named);
  if (named !== undefined && expression === undefined)
    throw new UsageError(withNearest(`There is no selector '${named}'.`, named, yaml?.selectors.keys() ?? []));
  const asked = [invocation.option('select'), exclude].map((text) => parseSelector(text ?? '').expression);
  const comparesState = [...asked, ...(expression === undefined ? [] : [expression])].some((one) =>
    usesMethod(one, 'state', yaml?.selectors ?? new Map()),
  );
  if (comparesState && standing !== undefined)
    throw new UsageError(
      `'${standing}', the default of selectors.yml, compares with the last commit, which is only done when it is asked for: --selector ${standing}, or --select '*' for everything.`,
    );
  const state = comparesState ? { state: compareWithLastCommit(opened) } : {};
  const selection =
    expression === undefined
      ? select(snapshot, invocation.option('select') ?? '', { ...options, ...state })
      : selectExpression(snapshot, expression, undefined, { ...options, ...state });
  for (const problem of selection.problems) invocation.say(problem.message);
  return selection.ids;
}

/** What `state:` compares with: the last commit. */
function compareWithLastCommit(opened: OpenedProject): StateChanges {
  return toStateChanges(diffSnapshots(readBaseline(opened, 'HEAD'), opened.snapshot));
}
