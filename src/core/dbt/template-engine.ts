import type { Phase, Plain, RelationName, RenderEnvironment, RenderSubject } from './environment.ts';
import type { MacroFile, MacroLibrary } from './macro-library.ts';
import type { Rendering } from './render.ts';

/** What reading a project asks of the template language. */
export interface TemplateEngine {
  buildLibrary(files: readonly MacroFile[], rootPackage: string): MacroLibrary;
  renderNode(environment: RenderEnvironment, subject: RenderSubject, phase: Phase): Rendering;
  /** The value of a text with templates in it, as properties files have them; the text itself when it cannot be rendered. */
  renderValue(environment: RenderEnvironment, text: string, packageName: string): Plain;
  /** What `generate_schema_name` and its like answer. */
  generateName(
    environment: RenderEnvironment,
    part: 'schema' | 'alias' | 'database',
    custom: string | undefined,
    node: {
      readonly name: string;
      readonly package: string;
      readonly version?: string;
      readonly resourceType: string;
      readonly config: Readonly<Record<string, unknown>>;
    },
  ): string;
  printRelation(relation: RelationName, adapter: string): string;
}
