import type { CheckResult } from './result.ts';
import { summarize } from './result.ts';

/** Results as JUnit XML, the form that CI services read: a suite for each node that is tested. */
export function toJUnit(results: readonly CheckResult[], project: string): string {
  const suites = new Map<string, CheckResult[]>();
  for (const result of results) {
    const name = result.node ?? result.id;
    const suite = suites.get(name);
    if (suite === undefined) suites.set(name, [result]);
    else suite.push(result);
  }
  const inner = [...suites].map(([name, suite]) => `  <testsuite ${counts(name, suite)}>\n${suite.map(toCase).join('')}  </testsuite>\n`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts(project, results)}>\n${inner.join('')}</testsuites>\n`;
}

function counts(name: string, results: readonly CheckResult[]): string {
  const summary = summarize(results);
  const time = results.reduce((sum, result) => sum + result.ms, 0) / 1000;
  return `name="${toXml(name)}" tests="${summary.total}" failures="${summary.fail}" errors="${summary.error}" skipped="${summary.skip + summary['no-data']}" time="${time.toFixed(3)}"`;
}

function toCase(result: CheckResult): string {
  const { place, status, message } = result;
  const head = `    <testcase name="${toXml(result.name)}" classname="${toXml(result.node ?? result.id)}" file="${toXml(place.path)}" line="${place.line}" time="${(result.ms / 1000).toFixed(3)}"`;
  const first = toXml(message.split('\n')[0] ?? '');
  switch (status) {
    case 'fail':
      return `${head}>\n      <failure message="${first}">${toXml(details(result))}</failure>\n    </testcase>\n`;
    case 'error':
      return `${head}>\n      <error message="${first}">${toXml(details(result))}</error>\n    </testcase>\n`;
    case 'skip':
    case 'no-data':
      return `${head}>\n      <skipped message="${first}"/>\n    </testcase>\n`;
    case 'warn':
      return `${head}>\n      <system-out>${toXml(`warning: ${details(result)}`)}</system-out>\n    </testcase>\n`;
    case 'pass':
      return `${head}/>\n`;
  }
}

/** The message, the rows that speak for it and the SQL that found them. */
function details(result: CheckResult): string {
  const { sample } = result;
  const rows =
    sample === undefined || sample.rows.length === 0
      ? []
      : [
          sample.columns.map((column) => column.name).join(' | '),
          ...sample.rows.slice(0, 10).map((row) => row.map((value) => (value === null ? 'NULL' : String(value))).join(' | ')),
        ];
  return [result.message, ...rows, ...(result.sql === undefined ? [] : ['', result.sql.trim()])].join('\n');
}

/** Text for XML; characters that XML 1.0 has no place for are left out. */
function toXml(text: string): string {
  const allowed = [...text].filter((character) => {
    const code = character.codePointAt(0) ?? 0;
    return (
      code === 9 || code === 10 || code === 13 || (code >= 32 && code !== 0xfffe && code !== 0xffff && !(code >= 0xd800 && code <= 0xdfff))
    );
  });
  return allowed.join('').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
