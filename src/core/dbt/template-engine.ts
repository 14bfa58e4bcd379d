import { traitsOf } from './adapters.ts';
import type { Phase, Plain, PlainRecord, RelationName, RenderEnvironment, RenderSubject } from './environment.ts';
import type { MacroFile, MacroLibrary } from './macro-library.ts';
import { buildMacroLibrary } from './macro-library.ts';
import { Relation } from './relation.ts';
import type { GenericTestCall, Rendering } from './render.ts';
import { renderGenericTest, renderNode } from './render.ts';

/** A node as far as the macros that name relations look at it. */
export interface NamedNode {
  readonly name: string;
  readonly package: string;
  readonly version?: string;
  readonly resourceType: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** What reading a project asks of the template language. */
export interface TemplateEngine {
  buildLibrary(files: readonly MacroFile[], rootPackage: string): MacroLibrary;
  renderNode(environment: RenderEnvironment, subject: RenderSubject, phase: Phase): Rendering;
  /** What the macro of a generic test does when dbt reads the project; undefined where its text cannot do more than its arguments say. */
  readTest(environment: RenderEnvironment, subject: RenderSubject, call: GenericTestCall): Rendering | undefined;
  /** The value of a text with templates in it, as properties files have them; the text itself when it cannot be rendered. */
  renderValue(environment: RenderEnvironment, text: string, packageName: string): Plain;
  /** What `generate_schema_name` and its like answer. */
  generateName(environment: RenderEnvironment, part: 'schema' | 'alias' | 'database', custom: string | undefined, node: NamedNode): string;
  printRelation(relation: RelationName, adapter: string): string;
}

/** Whether nothing is wrong but the environment's variables, whose names stand for them. */
function isWhole({ status, problems }: Rendering): boolean {
  return status === 'rendered' || (status === 'failed' && problems.every((problem) => problem.code === 'env-missing'));
}

class DbtTemplates implements TemplateEngine {
  // Macros of files that did not change keep their compiled form; the key is package, path and text, so any project may use it.
  #library: MacroLibrary | undefined;

  buildLibrary(files: readonly MacroFile[], rootPackage: string): MacroLibrary {
    this.#library = buildMacroLibrary(rootPackage, files, this.#library);
    return this.#library;
  }

  renderNode(environment: RenderEnvironment, subject: RenderSubject, phase: Phase): Rendering {
    return renderNode(environment, subject, phase);
  }

  readTest(environment: RenderEnvironment, subject: RenderSubject, call: GenericTestCall): Rendering | undefined {
    const { macros } = environment;
    const name = `test_${call.macro}`;
    const macro = macros.find(call.package === undefined ? name : `${call.package}.${name}`, subject.package);
    if (macro === undefined || macro.package === 'dbt') return undefined;
    const bodies = [macro, ...macros.macros.filter((one) => one.package === macro.package && one.name.endsWith(`__${name}`))];
    if (!bodies.some(({ file, span }) => /\b(?:ref|source|config)\s*\(/.test(file.slice(span.start, span.end)))) return undefined;
    return renderGenericTest(environment, subject, call, 'parse');
  }

  renderValue(environment: RenderEnvironment, text: string, packageName: string): Plain {
    if (!text.includes('{{') && !text.includes('{%')) return text;
    // A text that is one expression keeps the type of its value, as dbt's native rendering does.
    const expression = /^\s*\{\{-?((?:(?!\{\{|\}\})[\s\S])*?)-?\}\}\s*$/.exec(text)?.[1];
    if (expression !== undefined) {
      const typed = renderNode(environment, { ...valueSubject(packageName, `{{ tojson(${expression}) }}`), isValue: true }, 'parse');
      const value = isWhole(typed) ? findJson(typed.sql) : undefined;
      if (value !== undefined) return value;
    }
    const rendering = renderNode(environment, { ...valueSubject(packageName, text), isValue: true }, 'parse');
    return isWhole(rendering) ? rendering.sql : text;
  }

  generateName(environment: RenderEnvironment, part: 'schema' | 'alias' | 'database', custom: string | undefined, node: NamedNode): string {
    const argument = custom === undefined ? 'none' : JSON.stringify(custom);
    const name = `generate_${part}_name`;
    // A package's own macro names the package's nodes; the root project's names all others.
    const asks = environment.macros.macrosOf(node.package)?.has(name) ? node.package : environment.projectName;
    const { target } = environment;
    const subject: RenderSubject = {
      ...valueSubject(asks, `{{ ${asks === environment.projectName ? '' : `${asks}.`}${name}(${argument}, model) }}`),
      name: node.name,
      resourceType: node.resourceType,
      config: { database: null, schema: null, alias: null, ...node.config } as PlainRecord,
      // What the node is called before it has its names.
      model: {
        database: target.database ?? null,
        schema: target.schema,
        alias: node.name,
        unique_id: `${node.resourceType}.${node.package}.${node.name}`,
        name: node.name,
        package_name: node.package,
        resource_type: node.resourceType,
        ...(node.version === undefined ? {} : { version: node.version }),
      },
    };
    const rendering = renderNode(environment, subject, 'compile');
    const given = rendering.sql.trim();
    // A target without a database prints as Python's None.
    const isNamed = given !== '' && !(part === 'database' && given === 'None');
    return rendering.status === 'rendered' && isNamed ? given : defaultName(environment, part, custom, node);
  }

  printRelation(relation: RelationName, adapter: string): string {
    return new Relation(relation, traitsOf(adapter)).text();
  }
}

/** dbt's templates as this core renders them. */
export const templateEngine: TemplateEngine = new DbtTemplates();

function valueSubject(packageName: string, text: string): RenderSubject {
  return {
    name: 'value',
    package: packageName,
    path: 'dbt_project.yml',
    text,
    resourceType: 'operation',
    relation: { identifier: 'value' },
    config: {},
  };
}

function findJson(text: string): Plain | undefined {
  try {
    return JSON.parse(text) as Plain;
  } catch {
    return undefined;
  }
}

/** The answer of dbt's own macros, for a project whose macro cannot be rendered. */
function defaultName(environment: RenderEnvironment, part: string, custom: string | undefined, node: NamedNode): string {
  const { target } = environment;
  if (part === 'alias')
    return custom?.trim() ?? (node.version === undefined ? node.name : `${node.name}_v${node.version.replace('.', '_')}`);
  if (part === 'database') return custom?.trim() ?? target.database ?? '';
  return custom === undefined ? target.schema : `${target.schema}_${custom.trim()}`;
}
