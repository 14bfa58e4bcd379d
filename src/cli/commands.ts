import type { Command } from './command.ts';

/** A command by its name; its code is loaded when it is asked for. */
export interface NamedCommand {
  readonly name: string;
  load(): Promise<Command>;
}

/** Every command of `headwater`, in the order of the help. A name of two words is found before one of one word. */
export const commands: readonly NamedCommand[] = [
  { name: 'list', load: async () => (await import('./commands/list.ts')).listCommand },
  { name: 'erd', load: async () => (await import('./commands/erd.ts')).erdCommand },
  { name: 'grain', load: async () => (await import('./commands/grain.ts')).grainCommand },
  { name: 'graph', load: async () => (await import('./commands/graph.ts')).graphCommand },
  { name: 'compile', load: async () => (await import('./commands/compile.ts')).compileCommand },
  { name: 'lineage', load: async () => (await import('./commands/lineage.ts')).lineageCommand },
  { name: 'check', load: async () => (await import('./commands/check.ts')).checkCommand },
  { name: 'diff', load: async () => (await import('./commands/diff.ts')).diffCommand },
  { name: 'review', load: async () => (await import('./commands/diff.ts')).reviewCommand },
  { name: 'docs', load: async () => (await import('./commands/docs.ts')).docsCommand },
  { name: 'test', load: async () => (await import('./commands/test.ts')).testCommand },
  { name: 'build', load: async () => (await import('./commands/build.ts')).buildCommand },
  { name: 'synthesize', load: async () => (await import('./commands/synthesize.ts')).synthesizeCommand },
  { name: 'freshness', load: async () => (await import('./commands/freshness.ts')).freshnessCommand },
  { name: 'propose', load: async () => (await import('./commands/propose.ts')).proposeCommand },
  { name: 'preview', load: async () => (await import('./commands/preview.ts')).previewCommand },
  { name: 'profile', load: async () => (await import('./commands/profile.ts')).profileCommand },
  { name: 'trace', load: async () => (await import('./commands/trace.ts')).traceCommand },
  { name: 'connections', load: async () => (await import('./commands/connections.ts')).connectionsCommand },
  { name: 'metrics list', load: async () => (await import('./commands/metrics.ts')).metricsListCommand },
  { name: 'metrics describe', load: async () => (await import('./commands/metrics.ts')).metricsDescribeCommand },
  { name: 'metrics query', load: async () => (await import('./commands/metrics.ts')).metricsQueryCommand },
  { name: 'catalogue', load: async () => (await import('./commands/catalogue.ts')).catalogueCommand },
  { name: 'load', load: async () => (await import('./commands/load.ts')).loadCommand },
  { name: 'sample', load: async () => (await import('./commands/sample.ts')).sampleCommand },
  { name: 'mcp', load: async () => (await import('./commands/mcp.ts')).mcpCommand },
  { name: 'jinja', load: async () => (await import('./commands/jinja.ts')).jinjaCommand },
  { name: 'sql lineage', load: async () => (await import('./commands/sql-lineage.ts')).sqlLineageCommand },
  { name: 'sql parse', load: async () => (await import('./commands/sql-parse.ts')).sqlParseCommand },
  { name: 'sql run', load: async () => (await import('./commands/sql-run.ts')).sqlRunCommand },
  { name: 'sql translate', load: async () => (await import('./commands/sql-run.ts')).sqlTranslateCommand },
  { name: 'version', load: async () => (await import('./commands/version.ts')).versionCommand },
];
