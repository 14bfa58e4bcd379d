import type { CheckResult } from './result.ts';
import { isBad } from './result.ts';

/** A line for each result that GitHub shows beside the code; `folder` is where the project lies in the repository. */
export function toGithubAnnotations(results: readonly CheckResult[], folder: string): readonly string[] {
  const root = folder.replace(/^\.\/?/, '').replace(/\/+$/, '');
  return results
    .filter((result) => isBad(result.status) || result.status === 'warn')
    .map((result) => {
      const level = result.status === 'warn' ? 'warning' : 'error';
      const file = root === '' ? result.place.path : `${root}/${result.place.path}`;
      return `::${level} file=${property(file)},line=${result.place.line},title=${property(result.name)}::${data(result.message)}`;
    });
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
