import { existsSync, readFileSync, statSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { extendEnvironment, type RenderEnvironment } from '../core/dbt/environment.ts';
import {
  type ConnectionValues,
  findProfile,
  type Profile,
  type ProfileOutput,
  readConnection,
  withoutSecrets,
} from '../core/remote/profile.ts';
import { RemoteSession } from '../core/remote/remote-session.ts';
import { readDeferred } from '../core/remote/standing.ts';
import { type Warehouse, WarehouseError } from '../core/remote/warehouse.ts';
import { withNearest } from '../core/text/nearest.ts';
import { readAsset } from '../disk/asset.ts';
import type { DuckDbFile } from '../engines/duckdb-file.ts';
import type { PostgresSettings, SslMode } from '../engines/postgres.ts';
import { type Invocation, type OptionSpec, UsageError } from './command.ts';
import { findProfiles, profilesOption } from './profiles.ts';
import type { OpenedProject } from './project.ts';
import { withClock } from './supervised.ts';

/** Where a command runs, and what it reads there. */
export const onOptions: readonly OptionSpec[] = [
  { name: 'on', value: 'WHERE', summary: "local, target (the profile's), or an output of the profile (default: local)" },
  { name: 'defer', summary: 'read what is not built on the target from --state' },
  { name: 'state', value: 'DIR', summary: 'a folder with the manifest.json of another environment' },
  profilesOption,
];

/** Where results came from. */
export interface ResultPlace {
  readonly kind: 'local' | 'remote';
  readonly adapter: string;
  readonly target: string;
}

/** The place of a local run. */
export function localPlace({ snapshot }: OpenedProject): ResultPlace {
  return { kind: 'local', adapter: snapshot.project.adapter, target: snapshot.project.target.name };
}

/** Refuses options that say something about the data at hand, which a run elsewhere does not read. */
export function refuseLocalOptions(invocation: Invocation, ...more: readonly string[]): void {
  for (const name of ['engine', 'batch', 'increment', 'world', ...more])
    if (invocation.flag(name)) throw new UsageError(`'--${name}' is about the data at hand; with --on the data is that of the target.`);
}

/** A session on the database that `--on` names, and what must not be shown of its profile. */
export interface OpenedRemote {
  readonly session: RemoteSession;
  readonly place: ResultPlace;
  /** Makes a text of the database's safe to show. */
  readonly shown: (text: string) => string;
}

/** Connects to what `--on` names; whatever keeps it from that is an error of usage, said in one sentence. */
export async function openRemote(
  invocation: Invocation,
  opened: OpenedProject,
  isWritten = invocation.flag('write'),
): Promise<OpenedRemote> {
  const { profile, environment } = readProfileOf(invocation, opened);
  const output = chooseOutput(profile, invocation.option('on') ?? 'target', invocation.option('target'));
  const values = readConnection(output, environment);
  if (typeof values === 'string') throw new UsageError(values);
  const shown = (text: string): string => withoutSecrets(text, values.secrets);
  try {
    const warehouse = await connect(values, opened.root, opened.timeout, isWritten);
    const session = await RemoteSession.open(warehouse, opened.snapshot, readState(invocation));
    return { session, place: { kind: 'remote', adapter: values.adapter, target: output.name }, shown };
  } catch (error) {
    if (error instanceof WarehouseError) throw new UsageError(`${output.name}: ${shown(error.message)}`);
    throw error;
  }
}

/** The project's profile, and the environment that its values are rendered with: every variable, at this moment only. */
export function readProfileOf(
  invocation: Invocation,
  { root, snapshot }: OpenedProject,
): { readonly profile: Profile; readonly environment: RenderEnvironment } {
  if (snapshot.environment === undefined)
    throw new UsageError('Connections are read from the profile of a dbt project, and there is no dbt_project.yml here.');
  const file = findProfiles(invocation, root);
  if (file === undefined) throw new UsageError(`There is no profiles.yml: not in '${root}', and not in '${join(homedir(), '.dbt')}'.`);
  const given = Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const environment = extendEnvironment(snapshot.environment, { env: { ...given, ...snapshot.environment.env } });
  const name = snapshot.environment.target.profileName ?? snapshot.project.name;
  const profile = findProfile(file.value, file.path, name, environment);
  if (typeof profile === 'string') throw new UsageError(profile);
  return { profile, environment };
}

function chooseOutput({ name, outputs }: Profile, on: string, target: string | undefined): ProfileOutput {
  const wanted = on === 'target' ? target : on;
  const found = wanted === undefined ? outputs.find(({ isDefault }) => isDefault) : outputs.find((output) => output.name === wanted);
  if (found !== undefined) return found;
  const names = outputs.map((output) => output.name);
  if (wanted === undefined) throw new UsageError(`The profile '${name}' names no target that is among its outputs: ${names.join(', ')}.`);
  throw new UsageError(
    withNearest(`The profile '${name}' has no output '${wanted}'; there are ${names.map((one) => `'${one}'`).join(', ')}.`, wanted, names),
  );
}

function readState(invocation: Invocation): ReturnType<typeof readDeferred> {
  if (!invocation.flag('defer')) return new Map();
  const folder = invocation.option('state');
  if (folder === undefined) throw new UsageError("'--defer' needs --state DIR, a folder with the manifest.json of another environment.");
  const path = join(resolve(folder), 'manifest.json');
  if (!existsSync(path)) throw new UsageError(`There is no manifest.json in '${resolve(folder)}'.`);
  try {
    return readDeferred(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw new UsageError(`'${path}' is not JSON.`);
  }
}

/** Connects with the values of an output; a client library is loaded only here. Throws a WarehouseError. */
export async function connect(values: ConnectionValues, root: string, querySeconds: number, isWritten = false): Promise<Warehouse> {
  switch (values.adapter) {
    case 'postgres': {
      const settings = readPostgres(values, root, querySeconds);
      const { PostgresWarehouse } = await import('../engines/postgres.ts');
      return PostgresWarehouse.connect(settings);
    }
    case 'duckdb': {
      const file = readDuckDbFile(values, root, isWritten);
      const { DuckDbFileWarehouse } = await import('../engines/duckdb-file.ts');
      return withClock(await DuckDbFileWarehouse.open(file, () => readAsset(__dirname, 'duckdb-eh.wasm')), querySeconds);
    }
    default:
      throw new WarehouseError(
        `Headwater cannot connect to '${values.adapter}' yet: it speaks with PostgreSQL and reads DuckDB files. Everything else runs without --on, over the data at hand`,
      );
  }
}

/** The largest database that fits into WebAssembly's memory with what queries need. */
const mostBytes = 1_500_000_000;

function readDuckDbFile({ values }: ConnectionValues, root: string, isWritten: boolean): DuckDbFile {
  const written = values.get('path') ?? ':memory:';
  if (written === '' || written.startsWith(':memory:'))
    throw new WarehouseError("The output's database is in memory, where nothing stands: it has no 'path'");
  if (/^(md|motherduck):/i.test(written))
    throw new WarehouseError('The output is a MotherDuck database, which is not connected to: only files are');
  const path = resolve(root, written.replace(/^~(?=\/)/, homedir()));
  const exists = existsSync(path);
  if (!exists && !isWritten) throw new WarehouseError(`There is no file '${path}'`);
  if (exists && statSync(path).size > mostBytes)
    throw new WarehouseError(`'${path}' is larger than ${mostBytes / 1e9} GB, which does not fit into memory here`);
  const log = `${path}.wal`;
  return {
    name: basename(path).replace(/\.[^.]*$/, ''),
    bytes: exists ? readFileSync(path) : new Uint8Array(),
    ...(existsSync(log) ? { log: readFileSync(log) } : {}),
    ...(isWritten ? { save: (bytes: Uint8Array) => keepFile(path, bytes) } : {}),
  };
}

/** Puts the new database beside the old one and then in its place, so that there is always a whole one. */
async function keepFile(path: string, bytes: Uint8Array): Promise<void> {
  const beside = `${path}.headwater`;
  await writeFile(beside, bytes);
  await rename(beside, path);
  await rm(`${path}.wal`, { force: true });
}

const sslModes: readonly SslMode[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

function readPostgres({ values }: ConnectionValues, root: string, querySeconds: number): PostgresSettings {
  const need = (...keys: readonly string[]): string => {
    const found = keys.map((key) => values.get(key)).find((value) => value !== undefined && value !== '');
    if (found === undefined) throw new WarehouseError(`The output has no '${keys[0]}'`);
    return found;
  };
  const number = (key: string, otherwise: number): number => {
    const value = Number(values.get(key) ?? otherwise);
    if (!(value >= 0)) throw new WarehouseError(`'${key}' of the output is not a number`);
    return value;
  };
  const file = (key: string): string | undefined => {
    const path = values.get(key);
    if (path === undefined || path === '') return undefined;
    try {
      return readFileSync(resolve(root, path.replace(/^~(?=\/)/, homedir())), 'utf8');
    } catch {
      throw new WarehouseError(`The file '${path}', which '${key}' of the output names, cannot be read`);
    }
  };
  const written = values.get('sslmode') ?? 'prefer';
  const sslMode = sslModes.find((mode) => mode === written);
  if (sslMode === undefined) throw new WarehouseError(`'sslmode: ${written}' is not known: it is one of ${sslModes.join(', ')}`);
  const password = values.get('password') ?? values.get('pass');
  const [ca, cert, key] = [file('sslrootcert'), file('sslcert'), file('sslkey')];
  const [role, searchPath] = [values.get('role'), values.get('search_path')];
  return {
    host: need('host'),
    port: number('port', 5432),
    user: need('user'),
    database: need('dbname', 'database'),
    sslMode,
    connectSeconds: number('connect_timeout', 10) || 10,
    querySeconds,
    ...(password === undefined ? {} : { password }),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(role ? { role } : {}),
    ...(searchPath ? { searchPath } : {}),
  };
}
