import { spawnSync } from 'node:child_process';
import { python as interpreter } from '../../scripts/requirements.mjs';

const script = `
import json, sys
from jinja2.sandbox import SandboxedEnvironment
environment = SandboxedEnvironment(extensions=['jinja2.ext.do', 'jinja2.ext.loopcontrols'])
for line in sys.stdin:
    try:
        print(json.dumps({'output': environment.from_string(json.loads(line)).render()}))
    except Exception as error:
        print(json.dumps({'error': type(error).__name__ + ': ' + str(error)}))
`;

export interface ReferenceAnswer {
  readonly output?: string;
  readonly error?: string;
}

/** What the real Jinja2 makes of each template; fails clearly where it is not installed. */
export function renderWithJinja2(templates: readonly string[]): ReferenceAnswer[] {
  const input = templates.map((template) => JSON.stringify(template)).join('\n');
  const python = spawnSync(interpreter, ['-c', script], { input, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (python.status !== 0)
    throw new Error(
      `The differential test needs Jinja2 in ${interpreter}: 'npm run setup' installs it, or set HEADWATER_PYTHON. ${python.error?.message ?? python.stderr}`,
    );
  return python.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ReferenceAnswer);
}
