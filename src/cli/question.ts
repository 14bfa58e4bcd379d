import { readFile } from 'node:fs/promises';
import type { Question } from '../core/engine/preview.ts';
import type { NodeId } from '../core/text/ids.ts';
import { type Invocation, type OptionSpec, UsageError } from './command.ts';

/** SQL instead of a relation of the project. */
export const sqlOption: OptionSpec = { name: 'sql', value: 'FILE', summary: 'a file of SQL or Jinja, - for standard input' };

/** The rows that `--sql`, or `--select` with `--cte`, ask for. */
export async function readQuestion(invocation: Invocation, command: string, select: () => Promise<readonly NodeId[]>): Promise<Question> {
  const file = invocation.option('sql');
  if (file !== undefined) {
    let sql = '';
    if (file === '-') for await (const chunk of invocation.stdin) sql += String(chunk);
    else
      sql = await readFile(file, 'utf8').catch(() => {
        throw new UsageError(`The file '${file}' cannot be read.`);
      });
    return { kind: 'sql', sql, ...(file === '-' ? {} : { path: file }) };
  }
  if (invocation.option('select') === undefined) throw new UsageError(`'headwater ${command}' needs --select or --sql.`);
  const [id, second] = (await select()).filter((node) => /^(model|seed|snapshot|source|analysis)\./.test(node));
  if (id === undefined) throw new UsageError(`'${invocation.option('select')}' selects nothing that has rows.`);
  if (second !== undefined) throw new UsageError(`'${invocation.option('select')}' selects several nodes; a ${command} shows one.`);
  const cte = invocation.option('cte');
  return { kind: 'node', node: id, ...(cte === undefined ? {} : { cte }) };
}
