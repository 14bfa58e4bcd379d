// What the tests run beside Node: setup installs it, the tests start it, and both look here, so that they never mean two different programs.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** The interpreter whose Jinja2 is the reference: Debian's own, whatever `python3` comes first on the PATH. */
export const python = process.env.HEADWATER_PYTHON ?? '/usr/bin/python3';

/** The browser of the drives. */
export const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

const postgresHome = '/usr/lib/postgresql';

/** The folder of PostgreSQL's server programs, the newest first; undefined where only a client is installed. */
export function findPostgres() {
  const versions = existsSync(postgresHome) ? readdirSync(postgresHome) : [];
  return versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => path.join(postgresHome, version, 'bin'))
    .find((programs) => existsSync(path.join(programs, 'initdb')));
}

const runs = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const onPath = (command) => runs('sh', '-c', `command -v ${command}`);

/** The Debian packages that setup installs, each with a check that the very thing the tests will use is there. */
export const debianPackages = [
  { name: 'chromium', isPresent: () => existsSync(chromium) },
  { name: 'python3-jinja2', isPresent: () => runs(python, '-c', 'import jinja2') },
  { name: 'postgresql', isPresent: () => findPostgres() !== undefined },
  { name: 'openssl', isPresent: () => onPath('openssl') },
  { name: 'git', isPresent: () => onPath('git') },
];

/** The names of the packages that are missing. */
export function findMissingPackages(packages = debianPackages) {
  return packages.filter(({ isPresent }) => !isPresent()).map(({ name }) => name);
}
