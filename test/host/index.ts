import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

/** Runs every other module beside this file inside the extension host; a run without tests is a failure. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, color: false });
  for (const name of readdirSync(__dirname).filter((file) => /\.(host|many)\.js$/.test(file))) mocha.addFile(join(__dirname, name));
  await new Promise<void>((resolve, reject) => {
    let ran = 0;
    const runner = mocha.run((failures) => {
      console.log(`in-host: ${runner.stats?.passes ?? 0} passed, ${failures} failed`);
      if (ran === 0) reject(new Error('no test ran'));
      else if (failures > 0) reject(new Error(`${failures} in-host tests failed`));
      else resolve();
    });
    runner.on('test end', () => {
      ran++;
    });
  });
}
