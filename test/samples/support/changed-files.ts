import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Analyzer } from '../../../src/core/analyze.ts';
import type { CheckResult } from '../../../src/core/checks/result.ts';
import { runTests } from '../../../src/core/checks/run-tests.ts';
import { templateEngine } from '../../../src/core/dbt/template-engine.ts';
import { PreviewSession } from '../../../src/core/engine/preview.ts';
import { Sources } from '../../../src/core/project/sources.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import type { FileStat, FileSystem } from '../../../src/core/text/files.ts';
import { Disk } from '../../../src/disk/disk.ts';
import { now, openEngine, type Previewed, previewNode } from './headwater.ts';
import { samplesFolder } from './rows.ts';

/** What is done to a file of a sample to break it. */
export type Change = { readonly path: string } & ({ readonly edit: (text: string) => string } | { readonly bytes: Uint8Array });

/** A folder with one of its files changed, on no disk. */
class ChangedFiles implements FileSystem {
  constructor(
    readonly disk: Disk,
    readonly change: Change,
  ) {}

  async list(): Promise<readonly FileStat[]> {
    return (await this.disk.list()).map((stat) => (stat.path === this.change.path ? { ...stat, modified: stat.modified + 1 } : stat));
  }

  async read(path: string): Promise<Uint8Array> {
    if (path !== this.change.path) return this.disk.read(path);
    if ('bytes' in this.change) return this.change.bytes;
    const before = await readFile(join(this.disk.root, path), 'utf8');
    const after = this.change.edit(before);
    if (after === before) throw new Error(`the change of ${path} changes nothing`);
    return new TextEncoder().encode(after);
  }

  stat(path: string): Promise<FileStat | undefined> {
    return this.disk.stat(path);
  }
}

/** A sample whose files can be broken one at a time; analysis and engine are kept between the changes. */
export class BreakableSample {
  readonly #disk: Disk;
  readonly #analyzer = new Analyzer(templateEngine);
  #sources: Sources | undefined;
  #session: PreviewSession | undefined;

  constructor(readonly sample: string) {
    this.#disk = new Disk(join(samplesFolder, sample));
  }

  /** Runs the tests whose names match, over the sample with one file changed, or as it is. */
  async test(matches: (name: string) => boolean, change?: Change): Promise<readonly CheckResult[]> {
    const { session, snapshot } = await this.#open(change);
    const ids = [...snapshot.nodes.values()]
      .filter((node) => (node.kind === 'test' || node.kind === 'unit_test') && matches(node.name))
      .map((node) => node.id);
    let ticks = 0;
    return runTests({ session, snapshot, clock: () => ticks++ }, ids);
  }

  /** All rows of a model over the sample with one file changed. */
  async preview(name: string, change: Change): Promise<Previewed> {
    const { session, snapshot } = await this.#open(change);
    return previewNode(session, snapshot, name);
  }

  async #open(change: Change | undefined): Promise<{ readonly session: PreviewSession; readonly snapshot: Snapshot }> {
    this.#sources ??= await Sources.read(this.#disk);
    const sources = change === undefined ? this.#sources : await Sources.read(new ChangedFiles(this.#disk, change), this.#sources);
    const snapshot: Snapshot = this.#analyzer.analyze(sources, {
      vars: {},
      env: {},
      runStartedAt: '2026-06-30T12:00:00Z',
      invocationId: '00000000-0000-4000-8000-000000000000',
    });
    this.#session ??= new PreviewSession(await openEngine(), snapshot, now);
    this.#session.use(snapshot);
    return { session: this.#session, snapshot };
  }
}

/** Changes one cell of a CSV file: the given column of the first row in which it is not empty. */
export function changeCell(column: string, value: (old: string) => string): (text: string) => string {
  return (text) => {
    const lines = text.split('\n');
    const at = lines[0]!.split(',').indexOf(column);
    // Only rows without quoted cells, so that a comma is a comma.
    const row = lines.findIndex((line, index) => index > 0 && !line.includes('"') && (line.split(',')[at] ?? '') !== '');
    const cells = lines[row]!.split(',');
    cells[at] = value(cells[at]!);
    lines[row] = cells.join(',');
    return lines.join('\n');
  };
}

/** Writes the first row of a CSV file once more, changed by `change`. */
export const repeatRow =
  (change: (line: string) => string = (line) => line) =>
  (text: string): string => {
    const [header, first, ...rest] = text.split('\n');
    return [header, first, change(first!), ...rest].join('\n');
  };

export const replace =
  (from: string, to: string) =>
  (text: string): string =>
    text.replace(from, to);
