import { BudgetError } from '../jinja/budget.ts';
import { CountedPattern } from '../jinja/counted-pattern.ts';
import type { NodeId } from '../text/ids.ts';
import { withNearest } from '../text/nearest.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import { fitsFolders, fitsWildcards, toWildcards } from '../text/wildcards.ts';
import type { Edge } from './graph.ts';
import type { ProjectNode, TextNode } from './node.ts';
import type { Sources } from './sources.ts';
import { isMap, parseYaml, toMaps, toText, toTexts, type YamlMap } from './yaml.ts';

/** A set of source files that arrived together; batches come in order, the first is the base. */
export interface Batch {
  readonly name: string;
  readonly files: readonly string[];
  /** `replace`: the files stand in for those before; `upsert`: by primary key, else appended; `append`: added. */
  readonly apply: 'replace' | 'upsert' | 'append';
  /** When the run over it happened, `YYYY-MM-DD HH:MM:SS`: what CURRENT_TIMESTAMP gives in it, and from when snapshots' rows hold. */
  readonly at?: string;
}

/** A program beside dbt that reads some relations and writes others. */
export interface ScriptRule {
  readonly name: string;
  readonly path: string;
  readonly description: string;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly line: number;
}

/** How the project wants its files named. */
export interface NamingRule {
  readonly paths: string;
  readonly pattern: RegExp;
  readonly because: string;
}

/** What `headwater.yml` at the project's root says: the settings that belong to the project and not to a person. */
export interface HeadwaterFile {
  readonly dialect?: string;
  readonly batches: readonly Batch[];
  readonly scripts: readonly ScriptRule[];
  readonly naming: readonly NamingRule[];
  /** What functions of the project's own warehouse do, by lower-case name: an expression in which {1}, {2}, … are the arguments. */
  readonly functions: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

const keys = ['version', 'dialect', 'batches', 'scripts', 'naming', 'functions'];

/** Reads `headwater.yml`; without one, every list is empty. */
export function readHeadwaterFile(sources: Sources): HeadwaterFile {
  const file = sources.find('headwater.yml') ?? sources.find('headwater.yaml');
  if (!file) return { batches: [], scripts: [], naming: [], functions: new Map(), problems: [] };
  const yaml = parseYaml(file);
  const problems: Problem[] = [...yaml.problems];
  const root = isMap(yaml.value) ? yaml.value : {};
  const at = (map: unknown) => {
    const start = { line: yaml.lineOf(map), column: 1 };
    return { path: file.path, start, end: start };
  };
  for (const key of Object.keys(root))
    if (!keys.includes(key))
      problems.push(toProblem('yaml-unknown-key', withNearest(`headwater.yml has no key '${key}'.`, key, keys), file.path));
  const dialect = toText(root.dialect);
  const batches = toMaps(root.batches).map((map, index): Batch => {
    for (const path of toTexts(map.files))
      if (!sources.find(path))
        problems.push(
          toProblem('batch-file-missing', withNearest(`The batch's file '${path}' does not exist.`, path, sources.paths), at(map)),
        );
    const name = toText(map.name) ?? `batch ${index + 1}`;
    const written = map.at instanceof Date ? map.at.toISOString().slice(0, 19) : toText(map.at);
    const moment = written === undefined ? undefined : /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2}))?/.exec(written);
    if (written !== undefined && !moment)
      problems.push(
        toProblem('project-config', `'${written}' is not a valid batch time: write it as 2026-06-01 or 2026-06-01 08:00:00.`, at(map)),
      );
    return {
      name,
      files: toTexts(map.files),
      apply: toApply(map),
      ...(moment ? { at: `${moment[1]} ${moment[2] ?? '00:00:00'}` } : {}),
    };
  });
  const naming = toMaps(root.naming).flatMap((map): NamingRule[] => {
    const pattern = toText(map.pattern) ?? '';
    try {
      return [{ paths: toText(map.paths) ?? '', pattern: new CountedPattern(pattern), because: toText(map.because) ?? '' }];
    } catch {
      problems.push(toProblem('project-config', `'${pattern}' is not a regular expression.`, at(map)));
      return [];
    }
  });
  const scripts = toMaps(root.scripts).flatMap((map): ScriptRule[] => {
    const path = toText(map.path);
    if (path === undefined) return [];
    const name = toText(map.name) ?? path.replace(/^.*\//, '').replace(/\.\w+$/, '');
    return [
      {
        name,
        path,
        description: toText(map.description) ?? '',
        reads: toTexts(map.reads),
        writes: toTexts(map.writes),
        line: yaml.lineOf(map),
      },
    ];
  });
  return { ...(dialect === undefined ? {} : { dialect }), batches, scripts, naming, functions: functionsOf(root.functions), problems };
}

function functionsOf(written: unknown): ReadonlyMap<string, string> {
  if (!isMap(written)) return new Map();
  return new Map(
    Object.entries(written).flatMap(([name, body]) => (typeof body === 'string' ? [[name.toLowerCase(), body] as const] : [])),
  );
}

function toApply(map: YamlMap): Batch['apply'] {
  return map.apply === 'upsert' || map.apply === 'append' ? map.apply : 'replace';
}

/** The declared programs as nodes, with edges from what they read and to what they write. */
export function linkScripts(
  file: HeadwaterFile,
  nodes: ReadonlyMap<NodeId, ProjectNode>,
  project: string,
): { readonly nodes: readonly TextNode[]; readonly edges: readonly Edge[]; readonly problems: readonly Problem[] } {
  if (file.scripts.length === 0) return { nodes: [], edges: [], problems: [] };
  const byName = new Map<string, NodeId>();
  for (const node of nodes.values())
    if (node.kind === 'model' || node.kind === 'seed' || node.kind === 'snapshot' || node.kind === 'source')
      byName.set(node.kind === 'source' ? `${node.sourceName}.${node.name}` : node.name, node.id);
  const edges: Edge[] = [];
  const problems: Problem[] = [];
  const scripts = file.scripts.map((script): TextNode => {
    const id = `operation.${project}.${script.name}` as NodeId;
    const find = (name: string): NodeId | undefined => {
      const found = byName.get(name);
      const start = { line: script.line, column: 1 };
      if (found === undefined)
        problems.push(
          toProblem(
            'ref-unknown',
            withNearest(`The script '${script.name}' names '${name}', which is no relation of the project.`, name, byName.keys()),
            {
              path: 'headwater.yml',
              start,
              end: start,
            },
          ),
        );
      return found;
    };
    for (const name of script.reads) {
      const from = find(name);
      if (from) edges.push({ from, to: id, via: 'read' });
    }
    for (const name of script.writes) {
      const to = find(name);
      if (to) edges.push({ from: id, to, via: 'read' });
    }
    return {
      id,
      kind: 'operation',
      name: script.name,
      package: project,
      path: script.path,
      fqn: [project, script.name],
      tags: [],
      meta: {},
      enabled: true,
      description: script.description,
      columns: [],
      config: {},
      patch: { path: 'headwater.yml', line: script.line },
    };
  });
  return { nodes: scripts, edges, problems };
}

/** Files whose names break a rule that the project declares. */
export function checkNaming(file: HeadwaterFile, nodes: Iterable<ProjectNode>, project: string): readonly Problem[] {
  const problems: Problem[] = [];
  if (file.naming.length === 0) return problems;
  for (const node of nodes) {
    if ((node.kind !== 'model' && node.kind !== 'seed' && node.kind !== 'snapshot') || node.package !== project || !node.enabled) continue;
    for (const rule of file.naming) {
      if (!isBelow(node.path, rule.paths)) continue;
      const fits = isMatch(rule.pattern, node.name);
      if (fits === 'unknown') {
        problems.push(
          toProblem(
            'project-config',
            `The naming rule ${rule.pattern.source} takes too many steps on '${node.name}': write it without a repeat within a repeat.`,
            'headwater.yml',
          ),
        );
        break;
      }
      if (fits) continue;
      problems.push(
        toProblem(
          'naming-rule',
          `'${node.name}' breaks a naming rule of this project (${rule.pattern.source}). ${rule.because}`.trim(),
          node.path,
        ),
      );
    }
  }
  return problems;
}

function isMatch(pattern: RegExp, name: string): boolean | 'unknown' {
  try {
    return pattern.test(name);
  } catch (error) {
    if (error instanceof BudgetError) return 'unknown';
    throw error;
  }
}

/** Whether a path lies below a folder, in which `*` stands for one folder's name and `**` for any. */
function isBelow(path: string, folder: string): boolean {
  if (folder === '') return true;
  const wanted = folder.replace(/\/+$/, '').split('/');
  return fitsFolders(path.split('/'), [...wanted, '**'], (name, part) => fitsWildcards(name, toWildcards(part)));
}
