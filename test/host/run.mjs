// node test/host/run.mjs [NAME…]: runs the in-host tests, or those of the files with these names: in a downloaded VS Code where DESKTOP=1
// says that there is one to be had, else in the VS Code server. `*.host.ts` run on one project, `*.many.ts` on a workspace of several folders.
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { makeTemporary } from '../e2e/host.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const wanted = process.argv.slice(2);
const shop = path.join(root, 'test/fixtures/shop');
let code = 0;
for (const [kind, place] of [
  ['host', placeShop],
  ['many', placeMany],
])
  code = (await runKind(kind, place)) || code;
process.exit(code);

async function runKind(kind, place) {
  const names = readdirSync(import.meta.dirname).filter(
    (name) => name.endsWith(`.${kind}.ts`) && (wanted.length === 0 || wanted.some((part) => name.startsWith(part))),
  );
  if (names.length === 0) return 0;
  const outdir = path.join(root, 'out/host', kind);
  rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints: ['index.ts', ...names].map((name) => path.join(import.meta.dirname, name)),
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  const where = process.env.DESKTOP === '1' ? {} : { vscodeExecutablePath: path.join(root, 'test/e2e/vscode-shim.mjs') };
  return runTests({
    ...where,
    extensionDevelopmentPath: root,
    extensionTestsPath: path.join(outdir, 'index.js'),
    launchArgs: [place()],
  });
}

function placeShop() {
  const folder = path.join(makeTemporary('headwater-host-'), 'shop');
  cpSync(shop, folder, { recursive: true });
  return folder;
}

/** Two checkouts of one project, and a folder with two dbt projects and one of plain SQL. */
function placeMany() {
  const base = makeTemporary('headwater-many-');
  for (const folder of ['first', 'second', 'mixed/north', 'mixed/south']) cpSync(shop, path.join(base, folder), { recursive: true });
  const write = (file, text) => {
    mkdirSync(path.dirname(path.join(base, file)), { recursive: true });
    writeFileSync(path.join(base, file), text);
  };
  write(
    'second/seeds/raw_customers.csv',
    'customer_id,name,country,signed_up_on,newsletter\n1,Solo,NL,2024-01-01,true\n1,Twice,NL,2024-01-01,true\n',
  );
  for (const name of ['north', 'south']) write(`mixed/${name}/dbt_project.yml`, `name: ${name}\nversion: "1.0"\nprofile: shop\n`);
  write('mixed/reports/orders.csv', 'order_id,amount\n1,10\n2,20\n3,30\n');
  write('mixed/reports/big_orders.sql', 'select order_id, amount from orders where amount > 15\n');
  const folders = ['first', 'second', 'mixed'].map((name) => ({ path: name }));
  write('several.code-workspace', JSON.stringify({ folders }));
  return path.join(base, 'several.code-workspace');
}
