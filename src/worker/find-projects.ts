import { isDataFile } from '../core/data/formats.ts';

const neverProjects = /(^|\/)(dbt_packages|dbt_modules|target|node_modules|site-packages|\.?venv|env|__pycache__|\.git)(\/|$)/;
/** JSON may be anything: it makes no folder a project. */
const isData = (path: string): boolean => isDataFile(path) && !/\.json(\.(gz|zst))?$/i.test(path);

/**
 * The roots of the projects in a folder: wherever a dbt_project.yml lies that is not somebody's package, else the folder itself when it holds
 * SQL or data of its own. Beside dbt projects, the outermost folder without one is a project when it holds SQL and data, or a headwater.yml.
 */
export function findProjectRoots(paths: Iterable<string>): readonly string[] {
  const roots: string[] = [];
  const others: string[] = [];
  for (const path of paths) {
    if (neverProjects.test(path)) continue;
    if (path === 'dbt_project.yml' || path.endsWith('/dbt_project.yml'))
      roots.push(path.slice(0, Math.max(0, path.length - 'dbt_project.yml'.length - 1)));
    else if (/\.sql$/i.test(path) || isData(path) || path.endsWith('/headwater.yml')) others.push(path);
  }
  if (roots.length === 0) return others.some((path) => !path.endsWith('/headwater.yml')) ? [''] : [];
  return [...roots, ...findPlainRoots(others, roots)].sort();
}

function findPlainRoots(paths: readonly string[], roots: readonly string[]): readonly string[] {
  const above = new Set(roots.flatMap((root) => root.split('/').map((_, i, parts) => parts.slice(0, i).join('/'))));
  const found = new Map<string, { sql: boolean; rows: boolean; named: boolean }>();
  for (const path of paths) {
    if (roots.some((root) => root === '' || path.startsWith(`${root}/`))) continue;
    const parts = path.split('/').slice(0, -1);
    const at = parts.map((_, i) => parts.slice(0, i + 1).join('/')).find((folder) => !above.has(folder));
    if (at === undefined) continue;
    const known = found.get(at) ?? { sql: false, rows: false, named: false };
    found.set(at, known);
    known.sql ||= /\.sql$/i.test(path);
    known.rows ||= isData(path);
    known.named ||= path === `${at}/headwater.yml`;
  }
  return [...found].filter(([, { sql, rows, named }]) => named || (sql && rows)).map(([folder]) => folder);
}
