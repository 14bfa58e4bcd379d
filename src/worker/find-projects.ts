const neverProjects = /(^|\/)(dbt_packages|dbt_modules|target|node_modules|site-packages|\.?venv|env|__pycache__|\.git)(\/|$)/;
const data = /\.(csv|tsv|sqlite3?|db|parquet)$/i;

/**
 * The roots of the projects in a folder: wherever a dbt_project.yml lies that is not somebody's package, else the folder itself
 * when it holds SQL or data of its own.
 */
export function findProjectRoots(paths: Iterable<string>): readonly string[] {
  const roots: string[] = [];
  let sql = false;
  let rows = false;
  for (const path of paths) {
    if (neverProjects.test(path)) continue;
    if (path === 'dbt_project.yml' || path.endsWith('/dbt_project.yml'))
      roots.push(path.slice(0, Math.max(0, path.length - 'dbt_project.yml'.length - 1)));
    sql ||= /\.sql$/i.test(path);
    rows ||= data.test(path);
  }
  if (roots.length > 0) return roots.sort();
  return sql || rows ? [''] : [];
}
