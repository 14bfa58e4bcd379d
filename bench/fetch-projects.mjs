// node bench/fetch-projects.mjs [NAME…]: fetches public dbt projects that the cold benchmarks run on, when somebody asks for it; needs git and the network.
// What cannot be reached is said and left out. They lie in .bench/projects, which git ignores, and are never part of this project.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Name → repository, commit or branch, and the folder of the project in it. */
const projects = {
  'jaffle-shop': ['https://github.com/dbt-labs/jaffle-shop', 'main', ''],
  mitodl: ['https://github.com/mitodl/ol-data-platform', 'main', 'src/ol_dbt'],
  tuva: ['https://github.com/tuva-health/tuva', 'main', ''],
  'cal-itp': ['https://github.com/cal-itp/data-infra', 'main', 'warehouse'],
  mattermost: ['https://github.com/mattermost/mattermost-data-warehouse', 'master', 'transform/snowflake-dbt'],
  gitlab: ['https://github.com/tnmy44/gitlab-analytics', 'master', 'transform/snowflake-dbt'],
};

const into = path.resolve(import.meta.dirname, '../.bench/projects');
const wanted = process.argv.slice(2);
mkdirSync(into, { recursive: true });
for (const [name, [repository, branch, folder]] of Object.entries(projects)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const to = path.join(into, name);
  if (existsSync(to)) {
    console.log(`${name}: is there already`);
    continue;
  }
  const place = mkdtempSync(path.join(tmpdir(), 'headwater-fetch-'));
  const { status, stderr } = spawnSync('git', ['clone', '--depth', '1', '--branch', branch, repository, place], { encoding: 'utf8' });
  if (status === 0) cpSync(path.join(place, folder), to, { recursive: true, filter: (one) => path.basename(one) !== '.git' });
  rmSync(place, { recursive: true, force: true });
  console.log(status === 0 ? `${name}: fetched` : `${name}: could not be fetched: ${stderr.trim().split('\n').at(-1)}`);
}
