import { toVerbatim } from '../docs/reading.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import { LineMap, type Location, type Span } from '../text/span.ts';
import { grainOf, type NodeGrain, type ProjectGrain } from './project-grain.ts';
import { rules } from './rules/all-rules.ts';
import type { Finding, RuleCode, Verdict } from './rules/rule.ts';

/** A finding as a problem of the file that it was written in, with how many times too large an aggregate is. */
export interface RowProblem extends Problem {
  readonly factor?: number;
}

/** Answers a question about the rows of a text with one row; undefined where its rows are not at hand. */
export type AskRows = (sql: string, within: NodeId) => Promise<readonly unknown[] | undefined>;

/** A finding, and where in the file it is. */
export interface PlacedFinding {
  readonly finding: Finding;
  readonly at: Location;
}

/** How many findings of one text are held against the rows. */
const questionsOfText = 24;

/** What the rules say about the texts of a project's own nodes; `ids` restricts it to some of them. */
export async function checkRows(snapshot: Snapshot, ask: AskRows | undefined, ids?: ReadonlySet<NodeId>): Promise<readonly RowProblem[]> {
  const project = grainOf(snapshot);
  const problems: RowProblem[] = [];
  for (const id of snapshot.lineage.order) {
    const node = snapshot.nodes.get(id);
    const isOwn = node?.enabled && node.package === snapshot.project.name;
    if (!isOwn || (node.kind !== 'model' && node.kind !== 'snapshot' && node.kind !== 'analysis') || (ids !== undefined && !ids.has(id)))
      continue;
    const grain = project.read(id);
    if (grain !== undefined) problems.push(...(await checkText(grain, project, ask)));
  }
  return problems;
}

async function checkText(grain: NodeGrain, project: ProjectGrain, ask: AskRows | undefined): Promise<readonly RowProblem[]> {
  const problems: RowProblem[] = [];
  let asked = 0;
  for (const { finding, at } of placedFindings(grain, project)) {
    const verdict = await judge(finding, grain, asked++ < questionsOfText ? ask : undefined);
    if (verdict === undefined) continue;
    const problem = toProblem(finding.rule, verdict.message, at, verdict.severity);
    problems.push({ ...problem, ...(verdict.factor === undefined ? {} : { factor: verdict.factor }) });
  }
  return distinct(problems);
}

/** What the rules find in a text before rows are asked, with the places in the file; without what comments switch off. */
export function placedFindings(grain: NodeGrain, project: ProjectGrain): readonly PlacedFinding[] {
  const findings = findAll(grain, project);
  if (findings.length === 0) return [];
  const file = project.snapshot.sources.find(grain.reading.text.path)?.text ?? '';
  const ignored = ignoredIn(file);
  const lines = new LineMap(file);
  return findings
    .map((finding) => ({ finding, at: lines.location(grain.reading.text.path, placeOf(grain, finding.span)) }))
    .filter(({ finding, at }) => !ignored.isIgnored(finding.rule, at.start.line));
}

/** What all rules find; nothing where a text is nested too deeply for them. */
function findAll(grain: NodeGrain, project: ProjectGrain): readonly Finding[] {
  try {
    return rules.flatMap((rule) => rule.find({ grain, project }));
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

async function judge(finding: Finding, grain: NodeGrain, ask: AskRows | undefined): Promise<Verdict | undefined> {
  if (finding.question === undefined || ask === undefined) return finding.verdict;
  const row = await ask(finding.question.sql, grain.node.id);
  return row === undefined ? finding.verdict : finding.question.judge(row);
}

/** Where a piece of compiled SQL was written: itself, or the template that made it. */
export function placeOf(grain: NodeGrain, span: Span): Span {
  return toVerbatim(grain.reading, span) ?? grain.reading.map.locateSpan({ start: span.start, end: Math.max(span.start + 1, span.end) });
}

function distinct(problems: readonly RowProblem[]): readonly RowProblem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = `${problem.code} ${problem.start.line} ${problem.start.column} ${problem.message}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** The rules that comments of a file switch off: `-- headwater: ignore RULE because …`, on the line itself, the one before, or for all of it at its top. */
function ignoredIn(file: string): { isIgnored(rule: RuleCode, line: number): boolean } {
  const found: { readonly rules: readonly string[]; readonly line: number; readonly isWhole: boolean }[] = [];
  const lines = file.split('\n');
  let isTop = true;
  for (const [index, text] of lines.entries()) {
    const match = /(?:--|\{#-?|\/\*|#)\s*headwater:\s*ignore\s+([\w, -]+?)(?:\s+because\b|\s*(?:#\}|-#\}|\*\/)|\s*$)/i.exec(text);
    if (match !== null) found.push({ rules: (match[1] ?? '').toLowerCase().split(/[\s,]+/), line: index + 1, isWhole: isTop });
    if (match === null && text.trim() !== '' && !/^\s*(--|\{#)/.test(text)) isTop = false;
  }
  return {
    isIgnored: (rule, line) =>
      found.some(
        (one) => (one.rules.includes(rule) || one.rules.includes('all')) && (one.isWhole || one.line === line || one.line === line - 1),
      ),
  };
}
