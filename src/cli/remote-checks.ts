import { isBuilt, orderRelations, runBuild } from '../core/checks/build.ts';
import type { CheckResult } from '../core/checks/result.ts';
import type { CheckSurroundings } from '../core/checks/run-tests.ts';
import { isRelation } from '../core/project/node.ts';
import { RemoteBuilder } from '../core/remote/remote-build.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { NodeId } from '../core/text/ids.ts';
import { type Invocation, type OptionSpec, UsageError } from './command.ts';
import type { OpenedProject } from './project.ts';
import { type OpenedRemote, openRemote, refuseLocalOptions } from './remote.ts';

/** Allows a command to write where the data is. */
export const writeOption: OptionSpec = { name: 'write', summary: 'with --on: write to the target what is listed without this option' };

/** Connects for tests or a build, which both run in the target's own SQL. */
export async function openRemoteChecks(
  invocation: Invocation,
  opened: OpenedProject,
): Promise<OpenedRemote & { readonly runner: RemoteBuilder }> {
  refuseLocalOptions(invocation);
  const remote = await openRemote(invocation, opened);
  return { ...remote, runner: new RemoteBuilder(remote.session, invocation.flag('full-refresh')) };
}

/** Builds on the target, with the project's hooks around it, after what will be written was said. */
export async function buildRemotely(
  invocation: Invocation,
  remote: OpenedRemote & { readonly runner: RemoteBuilder },
  around: CheckSurroundings,
  ids: readonly NodeId[],
): Promise<readonly CheckResult[]> {
  try {
    announceBuild(invocation, remote, ids);
    const wrong = await remote.runner.prepare(ids);
    if (wrong.length > 0) throw new UsageError(remote.shown(wrong.join('\n')));
    const results = await runBuild({ ...around, elsewhere: remote.runner }, ids);
    for (const message of await remote.runner.runHooks('on-run-end')) invocation.say(remote.shown(message));
    return withoutSecrets(results, remote);
  } finally {
    await remote.session.warehouse.close();
  }
}

/** Says what a build would write and where; without --write that is all, and an error of usage. */
export function announceBuild(invocation: Invocation, { session, place }: OpenedRemote, ids: readonly NodeId[]): void {
  const lines = listWrites(session.snapshot, ids);
  const schemas = [...new Set(lines.map(({ schema }) => schema))].sort();
  const where = `${place.adapter}, output '${place.target}', database '${session.snapshot.project.target.database}'`;
  const text = [
    `Schemas written to (${where}): ${schemas.join(', ') || 'none'}`,
    ...schemas.map((schema) => `  create schema if not exists "${schema}"`),
    ...lines.map(({ statement }) => `  ${statement}`),
  ].join('\n');
  if (!invocation.flag('write')) throw new UsageError(`${text}\nNothing was written: add --write to do this on the target.`);
  invocation.say(text);
}

function listWrites(snapshot: Snapshot, ids: readonly NodeId[]): readonly { readonly schema: string; readonly statement: string }[] {
  const selected = new Set(ids);
  return orderRelations(snapshot).order.flatMap((node) => {
    if (!selected.has(node.id) || !isRelation(node) || !isBuilt(node)) return [];
    if (node.kind === 'model' && node.language === 'python') return [];
    const name = `"${node.schema}"."${node.identifier}"`;
    const statement =
      node.kind === 'seed'
        ? `truncate or create table ${name}, insert the rows of ${node.path}`
        : node.kind === 'snapshot'
          ? `create table ${name} or add versions to it`
          : node.materialized === 'incremental'
            ? `create table ${name} or take in new rows`
            : `create ${node.materialized} ${name} in place of what has that name`;
    return [{ schema: node.schema, statement }];
  });
}

/** Results with nothing in them that must not be shown. */
export function withoutSecrets(results: readonly CheckResult[], { shown }: OpenedRemote): readonly CheckResult[] {
  return results.map((result) => ({ ...result, message: shown(result.message) }));
}
