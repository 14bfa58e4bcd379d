// npm run setup: everything that building, starting and testing need, on a machine with Node 20, npm and Debian packages. Says what
// it does; does nothing twice.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { findMissingPackages } from './requirements.mjs';

const say = (text) => console.log(`setup: ${text}`);

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
}

const has = (command) => spawnSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' }).status === 0;
const hash = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 20) throw new Error(`Node 20 or newer is needed, this is ${process.version}`);

installPackages();
installDebian();
installServer();
say('building');
run('node', ['scripts/build.mjs']);
say("done. 'npm start' opens a sample, 'npm test' runs every test.");

function installPackages() {
  // npm would empty the folder that a link leads to, which is somebody else's.
  if (lstatSync('node_modules', { throwIfNoEntry: false })?.isSymbolicLink()) {
    say('node_modules is a link and is left as it is');
    return;
  }
  const stamp = 'node_modules/.headwater-lock';
  const lock = hash('package-lock.json');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) {
    say('npm packages are in place');
    return;
  }
  say('npm ci');
  run('npm', ['ci', '--no-audit', '--no-fund']);
  writeFileSync(stamp, lock);
}

/** What the tests run beside the editor: a browser, the real Jinja2 and the real PostgreSQL. */
function installDebian() {
  const missing = findMissingPackages();
  if (missing.length === 0) {
    say('Debian packages are in place');
    return;
  }
  const root = process.getuid?.() === 0;
  if (!has('apt-get') || (!root && !has('sudo'))) {
    say(`please install ${missing.join(', ')}: the tests that need them will say so`);
    return;
  }
  say(`apt-get install ${missing.join(' ')}`);
  const [command, ...prefix] = root ? ['apt-get'] : ['sudo', 'apt-get'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run(command, [...prefix, 'update', '-qq'], { env });
  run(command, [...prefix, 'install', '-y', '-qq', '--no-install-recommends', ...missing], { env });
  const still = findMissingPackages();
  if (still.length > 0)
    throw new Error(`${still.join(', ')} was installed, but what the tests use of it is not there (scripts/requirements.mjs)`);
}

/** The workbench in a browser, for machines without a desktop and for the tests. */
function installServer() {
  mkdirSync('.host', { recursive: true });
  say(`VS Code server under .host${existsSync('.host/code-server-4.100.3/.ready') ? ' is in place' : ': downloading'}`);
  run('bash', ['scripts/get-code-server.sh', '.host'], { stdio: ['ignore', 'ignore', 'inherit'] });
}
