import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { isMap, type YamlMap } from '../core/project/yaml.ts';
import type { FileStat, FileSystem } from '../core/text/files.ts';
import { loadYaml } from '../core/text/load-yaml.ts';
import { type Invocation, type OptionSpec, UsageError } from './command.ts';

/** Where the profiles are, as dbt's option of that name. */
export const profilesOption: OptionSpec = {
  name: 'profiles-dir',
  value: 'DIR',
  summary: 'the folder of profiles.yml (default: DBT_PROFILES_DIR, the project, ~/.dbt)',
};

/** A profiles.yml as it was read, for the moment of connecting. */
export interface ProfilesFile {
  readonly path: string;
  readonly value: unknown;
}

/** The profiles.yml that dbt would read: of --profiles-dir, of DBT_PROFILES_DIR, of the project, of ~/.dbt. */
export function findProfiles(invocation: Invocation, root: string): ProfilesFile | undefined {
  const asked = invocation.option('profiles-dir');
  const named = asked ?? process.env.DBT_PROFILES_DIR;
  const folders = named === undefined || named === '' ? [root, join(homedir(), '.dbt')] : [resolve(named)];
  const path = folders.map((folder) => join(folder, 'profiles.yml')).find((file) => existsSync(file));
  if (path === undefined) {
    if (asked !== undefined) throw new UsageError(`There is no profiles.yml in '${resolve(asked)}'.`);
    return undefined;
  }
  try {
    return { path: dirname(path) === root ? basename(path) : path, value: loadYaml(readFileSync(path, 'utf8')) };
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`);
  }
}

/** The keys of an output that name relations; the rest of it stays out of the project that is read. */
const namingKeys = ['type', 'schema', 'dataset', 'database', 'dbname', 'project', 'catalog', 'path', 'threads'];

/** The project's files with the part of profiles.yml that is no secret, wherever that file lies. */
export class FilesWithProfile implements FileSystem {
  readonly #bytes: Uint8Array;

  constructor(
    private readonly base: FileSystem,
    profiles: unknown,
  ) {
    this.#bytes = new TextEncoder().encode(JSON.stringify(withoutSecretKeys(profiles), undefined, 1));
  }

  async list(): Promise<readonly FileStat[]> {
    return [...(await this.base.list()).filter(({ path }) => path !== profilesPath), this.#stat()];
  }

  read(path: string): Promise<Uint8Array> {
    return path === profilesPath ? Promise.resolve(this.#bytes) : this.base.read(path);
  }

  stat(path: string): Promise<FileStat | undefined> {
    return path === profilesPath ? Promise.resolve(this.#stat()) : this.base.stat(path);
  }

  #stat(): FileStat {
    return { path: profilesPath, size: this.#bytes.byteLength, modified: 0 };
  }
}

const profilesPath = 'profiles.yml';

function withoutSecretKeys(profiles: unknown): YamlMap {
  if (!isMap(profiles)) return {};
  return Object.fromEntries(
    Object.entries(profiles).map(([name, profile]) => {
      if (!isMap(profile) || !isMap(profile.outputs)) return [name, {}];
      const outputs = Object.entries(profile.outputs).map(([output, written]) => [
        output,
        Object.fromEntries(Object.entries(isMap(written) ? written : {}).filter(([key]) => namingKeys.includes(key))),
      ]);
      return [name, { ...(profile.target === undefined ? {} : { target: profile.target }), outputs: Object.fromEntries(outputs) }];
    }),
  );
}
