import { type StateChanges, select, selectExpression } from '../core/dbt/selector.ts';
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
  { name: 'select', value: 'S', summary: "dbt's node selection (default: everything)" },
  { name: 'exclude', value: 'S', summary: 'what to leave out of it' },
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
    ...(await readState(opened, invocation)),
  };
  const asksNothing = ['select', 'exclude'].every((name) => invocation.option(name) === undefined);
  const standing = asks === 'as dbt' && asksNothing && invocation.option('selector') === undefined ? yaml?.defaultName : undefined;
  if (standing !== undefined) invocation.say(`'${standing}' selects, as the default of selectors.yml: --select '*' asks for everything.`);
  const named = invocation.option('selector') ?? standing;
  for (const problem of yaml?.problems ?? []) if (problem.selector === named) invocation.say(problem.message);
  const selection = named === undefined ? select(snapshot, invocation.option('select') ?? '', options) : selectNamed();
  for (const problem of selection.problems) invocation.say(problem.message);
  return selection.ids;

  function selectNamed() {
    const expression = yaml?.selectors.get(named ?? '');
    if (expression === undefined)
      throw new UsageError(withNearest(`There is no selector '${named}'.`, named ?? '', yaml?.selectors.keys() ?? []));
    return selectExpression(snapshot, expression, undefined, options);
  }
}

/** What `state:` compares with, where a selection asks for it: the last commit. */
async function readState(opened: OpenedProject, invocation: Invocation): Promise<{ readonly state?: StateChanges }> {
  const asks = [invocation.option('select'), invocation.option('exclude')].some((text) => text?.includes('state:'));
  if (!asks && !opened.snapshot.sources.find('selectors.yml')?.text?.includes('state')) return {};
  return { state: toStateChanges(diffSnapshots(await readBaseline(opened, 'HEAD'), opened.snapshot)) };
}
