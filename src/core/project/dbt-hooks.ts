import type { PlainRecord, RenderSubject } from '../dbt/environment.ts';
import type { RecordedRef, RecordedSource, Rendering } from '../dbt/render.ts';
import type { Config } from './config.ts';
import type { NodeRenderer } from './dbt-render.ts';
import { isMap, toText } from './yaml.ts';

/** What the hooks of a node name: dbt runs the node after it, as after what the node's own text names. */
export interface HookCalls {
  readonly refs: readonly RecordedRef[];
  readonly sources: readonly RecordedSource[];
  readonly macrosCalled: readonly string[];
}

/** Renders a node's hooks as dbt does when it reads the project; undefined where none holds Jinja. */
export function readHooks(renderer: NodeRenderer, subject: RenderSubject, config: Config): HookCalls | undefined {
  const texts = ['pre-hook', 'post-hook'].flatMap((key) => toHookTexts(config[key])).filter((text) => /\{[{%]/.test(text));
  if (texts.length === 0) return undefined;
  const { offset: _offset, file: _file, ...rest } = subject;
  const rendered = texts.map((text, index) =>
    renderer.render({ ...rest, text, part: `hook ${index}`, config: config as PlainRecord }, 'parse'),
  );
  return {
    // A hook may stand in any file: its calls have no place in the node's own.
    refs: rendered.flatMap(({ refs }) => refs.map(({ span: _span, ...call }) => call)),
    sources: rendered.flatMap(({ sources }) => sources.map(({ span: _span, ...call }) => call)),
    macrosCalled: rendered.flatMap(({ macrosCalled }) => macrosCalled),
  };
}

/** A node's rendering with what its hooks name. */
export function withHooks(rendering: Rendering, hooks: HookCalls | undefined): Rendering {
  if (hooks === undefined) return rendering;
  return {
    ...rendering,
    refs: [...rendering.refs, ...hooks.refs],
    sources: [...rendering.sources, ...hooks.sources],
    macrosCalled: [...new Set([...rendering.macrosCalled, ...hooks.macrosCalled])],
  };
}

function toHookTexts(value: unknown): readonly string[] {
  const items = Array.isArray(value) ? value : [value];
  return items.flatMap((item) => toText(isMap(item) ? item.sql : item) ?? []);
}
