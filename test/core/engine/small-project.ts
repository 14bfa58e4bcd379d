import { Analyzer } from '../../../src/core/analyze.ts';
import { templateEngine } from '../../../src/core/dbt/template-engine.ts';
import type { Cell } from '../../../src/core/engine/engine.ts';
import { PreviewSession } from '../../../src/core/engine/preview.ts';
import type { RunChoice } from '../../../src/core/engine/runs.ts';
import { Sources } from '../../../src/core/project/sources.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';
import { openSqlite } from '../../support/open-sqlite.ts';

export const now = '2024-06-15 12:00:00';

/** What a preview shows: the columns, the rows and everything said of them, or the problems. */
export interface Shown {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly notes: readonly string[];
  readonly problems: readonly string[];
}

/** A project of a few files in an engine of its own. */
export class SmallProject {
  private constructor(
    readonly snapshot: Snapshot,
    readonly session: PreviewSession,
    /** What the session said of its progress. */
    readonly told: readonly string[],
  ) {}

  /** Files by path; a dbt project unless `plain`. */
  static async open(files: Readonly<Record<string, string | Uint8Array>>, adapter: string, plain = false): Promise<SmallProject> {
    const project = plain
      ? {}
      : {
          'dbt_project.yml': 'name: shop\nversion: "1.0"\nprofile: shop\n',
          'profiles.yml': `shop:\n  target: dev\n  outputs:\n    dev: { type: ${adapter}, schema: dev, dataset: dev, project: p, database: d }\n`,
        };
    const settings = { vars: {}, env: {}, runStartedAt: '2024-06-15T12:00:00Z', invocationId: 'test', folderName: 'shop' };
    const snapshot = new Analyzer(templateEngine).analyze(Sources.of({ ...project, ...files }), settings);
    const engine = await openSqlite();
    const told: string[] = [];
    return new SmallProject(snapshot, new PreviewSession(engine, snapshot, now, (message) => told.push(message)), told);
  }

  /** A model by its name, or a query, in the state that a choice gives. */
  async show(what: string | { readonly sql: string }, choice: RunChoice = {}): Promise<Shown> {
    this.session.choose(choice);
    const found = typeof what === 'string' ? [...this.snapshot.nodes.values()].find((node) => node.name === what) : undefined;
    if (typeof what === 'string' && found === undefined) throw new Error(`there is no ${what}`);
    const answer = await this.session.preview(
      typeof what === 'string' ? { kind: 'node', node: found?.id ?? ('' as NodeId) } : { kind: 'sql', sql: what.sql },
    );
    if (answer.kind === 'failed') {
      const problems = answer.problems.map(({ message, path, start }) => `${path}:${start.line}:${start.column} ${message}`);
      return { columns: [], rows: [], notes: answer.notes, problems };
    }
    const { result } = answer;
    const rows = await result.page(0, 1000);
    return { columns: result.columns.map((column) => column.name), rows, notes: result.notes, problems: [] };
  }

  /** The rows as lines, so that they can be read. */
  async lines(what: string | { readonly sql: string }, choice: RunChoice = {}): Promise<readonly string[]> {
    const { rows, problems } = await this.show(what, choice);
    return problems.length > 0 ? problems : rows.map((row) => row.map((cell) => (cell === null ? '-' : String(cell))).join(' '));
  }
}
