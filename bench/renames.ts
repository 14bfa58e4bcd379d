// Renames in each sample the column that the most files name, builds, renames it back, and tells what differs.
// npx esbuild bench/renames.ts --bundle --platform=node --outfile=dist/renames.js && node scripts/build.mjs --only cli && node dist/renames.js [sample …]
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Analyzer } from '../src/core/analyze.ts';
import { templateEngine } from '../src/core/dbt/template-engine.ts';
import type { RenamePlan } from '../src/core/docs/rename.ts';
import { planRename } from '../src/core/docs/rename.ts';
import { Sources } from '../src/core/project/sources.ts';
import type { Snapshot } from '../src/core/snapshot.ts';
import { LineMap } from '../src/core/text/span.ts';
import { Disk } from '../src/disk/disk.ts';

const settings = { vars: {}, env: {}, runStartedAt: '2024-06-15T12:00:00Z', invocationId: 'bench' };
const other = 'renamed_here';

async function open(folder: string): Promise<Snapshot> {
  return new Analyzer(templateEngine).analyze(await Sources.read(new Disk(folder)), settings);
}

/** The counts of a build, as the command line prints them. */
function build(folder: string): string {
  const { stdout } = spawnSync('node', ['dist/cli.js', 'build', '--json', '--project', folder], { encoding: 'utf8', maxBuffer: 1 << 30 });
  return JSON.stringify((JSON.parse(stdout) as { summary: unknown }).summary);
}

function apply(folder: string, { edits }: RenamePlan): void {
  for (const path of new Set(edits.map((edit) => edit.location.path))) {
    const file = join(folder, path);
    let text = readFileSync(file, 'utf8');
    const lines = new LineMap(text);
    const own = edits.filter((edit) => edit.location.path === path);
    for (const { location, text: to } of own.sort((a, b) => lines.offset(b.location.start) - lines.offset(a.location.start)))
      text = text.slice(0, lines.offset(location.start)) + to + text.slice(lines.offset(location.end));
    writeFileSync(file, text);
  }
}

interface Choice {
  readonly plan: RenamePlan;
  readonly files: number;
  readonly path: string;
  readonly name: string;
  readonly column: string;
}

function choose(snapshot: Snapshot): Choice | undefined {
  let best: Choice | undefined;
  for (const [id, columns] of snapshot.columns) {
    const node = snapshot.nodes.get(id);
    const text = node?.kind === 'model' ? (snapshot.sources.find(node.path)?.text ?? '') : '';
    if (node === undefined || text === '') continue;
    for (const { name: column } of columns.slice(0, 8)) {
      const at = new RegExp(`\\bas ${column}\\b`).exec(text);
      if (at === null) continue;
      const plan = planRename(snapshot, node.path, new LineMap(text).position(at.index + 4), other);
      const files = new Set(plan.edits.map((edit) => edit.location.path)).size;
      if (files > (best?.files ?? 0)) best = { plan, files, path: node.path, name: node.name, column };
    }
  }
  return best;
}

async function main(): Promise<void> {
  const named = process.argv.slice(2);
  const all = readdirSync('samples').filter((name) => existsSync(`samples/${name}/dbt_project.yml`));
  for (const sample of named.length > 0 ? named : all) {
    const folder = join(mkdtempSync(join(tmpdir(), 'headwater-renames-')), sample);
    cpSync(`samples/${sample}`, folder, { recursive: true });
    const before = await open(folder);
    const chosen = choose(before);
    if (chosen === undefined) continue;
    console.log(`${sample}: build before         ${build(folder)}`);
    apply(folder, chosen.plan);
    console.log(`${sample}: ${chosen.name}.${chosen.column}, ${chosen.plan.edits.length} places in ${chosen.files} files`);
    console.log(`${sample}: build when renamed   ${build(folder)}`);
    const renamed = await open(folder);
    const text = renamed.sources.find(chosen.path)?.text ?? '';
    apply(folder, planRename(renamed, chosen.path, new LineMap(text).position(text.indexOf(other) + 1), chosen.column));
    const after = await open(folder);
    const differ = before.sources.paths.filter((path) => before.sources.find(path)?.hash !== after.sources.find(path)?.hash);
    console.log(`${sample}: files that differ after renaming back: ${differ.length}${differ.map((path) => ` ${path}`).join('')}`);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
