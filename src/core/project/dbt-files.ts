import { scanBlocks } from '../dbt/blocks.ts';
import type { MacroFile } from '../dbt/macro-library.ts';
import type { DocsBlock } from '../snapshot.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import { LineMap } from '../text/span.ts';
import type { NodeFile } from './dbt-nodes.ts';
import type { DbtPackage } from './dbt-package.ts';
import type { Sources } from './sources.ts';

export interface DbtFiles {
  readonly models: readonly (NodeFile & { readonly language: 'sql' | 'python' })[];
  readonly seeds: readonly NodeFile[];
  readonly snapshots: readonly NodeFile[];
  readonly analyses: readonly NodeFile[];
  readonly singularTests: readonly NodeFile[];
  readonly macros: readonly MacroFile[];
  readonly docs: readonly DocsBlock[];
  readonly problems: readonly Problem[];
}

/** Sorts the files of all packages by what they are. */
export function findDbtFiles(sources: Sources, packages: readonly DbtPackage[]): DbtFiles {
  const models: (NodeFile & { language: 'sql' | 'python' })[] = [];
  const seeds: NodeFile[] = [];
  const snapshots: NodeFile[] = [];
  const analyses: NodeFile[] = [];
  const singularTests: NodeFile[] = [];
  const macros: MacroFile[] = [];
  const docs: DocsBlock[] = [];
  const problems: Problem[] = [];
  const below = (folders: readonly string[], ...endings: readonly string[]) => [
    ...new Set(folders.flatMap((folder) => sources.below(folder, ...endings))),
  ];
  for (const own of packages) {
    for (const path of below(own.paths.model, '.sql', '.py')) {
      const python = path.endsWith('.py');
      models.push({ own, path, name: baseName(path), language: python ? 'python' : 'sql' });
    }
    for (const path of below(own.paths.seed, '.csv')) seeds.push({ own, path, name: baseName(path) });
    for (const path of below(own.paths.analysis, '.sql')) analyses.push({ own, path, name: baseName(path) });
    for (const path of below(own.paths.snapshot, '.sql')) {
      const text = sources.find(path)?.text;
      if (text === undefined) continue;
      const scan = scanBlocks(text);
      for (const fault of scan.faults)
        problems.push(toProblem('jinja-syntax', fault.message, new LineMap(text).location(path, fault.span)));
      for (const block of scan.blocks) if (block.kind === 'snapshot') snapshots.push({ own, path, name: block.name, span: block.body });
    }
    const macroPaths = new Set(below(own.paths.macro, '.sql'));
    for (const path of below(own.paths.test, '.sql')) {
      const inGeneric = own.paths.test.some((folder) => path.startsWith(`${folder}/generic/`));
      // Rows of unit tests lie there, written as SQL; they are no tests.
      if (own.paths.test.some((folder) => path.startsWith(`${folder}/fixtures/`))) continue;
      if (inGeneric) macroPaths.add(path);
      else if (!macroPaths.has(path)) singularTests.push({ own, path, name: baseName(path) });
    }
    for (const path of macroPaths) {
      const text = sources.find(path)?.text;
      if (text !== undefined) macros.push({ package: own.name, path, text });
    }
    const docsFolders = own.paths.docs.length > 0 ? own.paths.docs : Object.values(own.paths).flat();
    for (const path of below(docsFolders, '.md')) {
      const text = sources.find(path)?.text;
      if (text === undefined || !text.includes('{%')) continue;
      const lines = new LineMap(text);
      for (const block of scanBlocks(text).blocks)
        if (block.kind === 'docs')
          docs.push({ name: block.name, package: own.name, path, line: lines.position(block.span.start).line, text: block.text.trim() });
    }
  }
  return { models, seeds, snapshots, analyses, singularTests, macros, docs, problems };
}

function baseName(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.slice(0, name.lastIndexOf('.'));
}
