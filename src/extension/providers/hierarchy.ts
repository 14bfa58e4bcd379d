import {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
  Disposable,
  Location,
  languages,
  SymbolInformation,
  SymbolKind,
  TypeHierarchyItem,
} from 'vscode';
import type { CallNode, HierarchyColumn } from '../../core/editor/hierarchy.ts';
import type { ProjectSymbol } from '../../core/editor/project-symbols.ts';
import type { ColumnRef } from '../../core/lineage/questions.ts';
import type { NodeId } from '../../core/text/ids.ts';
import type { ProjectKey } from '../../protocol.ts';
import { toRange } from '../range.ts';
import type { Asking } from './asking.ts';
import { placeOf, projectFiles, provide } from './asking.ts';

const kinds: Readonly<Record<ProjectSymbol['kind'], SymbolKind>> = {
  model: SymbolKind.Class,
  seed: SymbolKind.Array,
  snapshot: SymbolKind.Object,
  source: SymbolKind.Namespace,
  test: SymbolKind.Event,
  unit_test: SymbolKind.Event,
  exposure: SymbolKind.Interface,
  metric: SymbolKind.Number,
  semantic_model: SymbolKind.Struct,
  saved_query: SymbolKind.Struct,
  analysis: SymbolKind.File,
  operation: SymbolKind.Function,
  macro: SymbolKind.Function,
  column: SymbolKind.Field,
  docs: SymbolKind.String,
};

/** Models that call each other, columns that are made from each other, and everything of the project by name. */
export function registerHierarchy(asking: Asking): Disposable {
  const { workspace, analysis } = asking;
  // The editor hands an item back as the very object that it was given.
  const nodes = new WeakMap<CallHierarchyItem, { project: ProjectKey; node: NodeId }>();
  const columns = new WeakMap<TypeHierarchyItem, { project: ProjectKey; ref: ColumnRef }>();
  const unfound = new WeakMap<SymbolInformation, { project: ProjectKey; node: NodeId; column: string }>();

  const toItem = (project: ProjectKey, { id, kind, name, detail, location }: CallNode): CallHierarchyItem => {
    const uri = workspace.uriOf(project, location.path);
    const item = new CallHierarchyItem(kinds[kind], name, detail, uri, toRange(location), toRange(location));
    nodes.set(item, { project, node: id });
    return item;
  };
  const toColumn = (project: ProjectKey, { ref, name, detail, location }: HierarchyColumn): TypeHierarchyItem => {
    const uri = workspace.uriOf(project, location.path);
    const item = new TypeHierarchyItem(SymbolKind.Field, name, detail, uri, toRange(location), toRange(location));
    columns.set(item, { project, ref });
    return item;
  };

  const calls = languages.registerCallHierarchyProvider(projectFiles, {
    prepareCallHierarchy: (document, position, token) =>
      provide(asking, 'call hierarchy', token, async (signal) => {
        const place = await placeOf(asking, document, position);
        const found = place === undefined ? undefined : await analysis.ask('callNode', place, signal);
        return place === undefined || found === undefined ? undefined : toItem(place.project, found);
      }),
    provideCallHierarchyIncomingCalls: (item, token) =>
      provide(asking, 'callers', token, async (signal) => {
        const known = nodes.get(item);
        const found = known === undefined ? [] : await analysis.ask('calls', { ...known, side: 'callers' }, signal);
        return known === undefined
          ? undefined
          : found.map((node) => new CallHierarchyIncomingCall(toItem(known.project, node), node.places.map(toRange)));
      }),
    provideCallHierarchyOutgoingCalls: (item, token) =>
      provide(asking, 'callees', token, async (signal) => {
        const known = nodes.get(item);
        const found = known === undefined ? [] : await analysis.ask('calls', { ...known, side: 'callees' }, signal);
        return known === undefined
          ? undefined
          : found.map((node) => new CallHierarchyOutgoingCall(toItem(known.project, node), node.places.map(toRange)));
      }),
  });

  const related = (item: TypeHierarchyItem, above: boolean, token: Parameters<typeof provide>[2]) =>
    provide(asking, 'column hierarchy', token, async (signal) => {
      const known = columns.get(item);
      const found = known === undefined ? [] : await analysis.ask('relatedColumns', { ...known, above }, signal);
      return known === undefined ? undefined : found.map((column) => toColumn(known.project, column));
    });
  const types = languages.registerTypeHierarchyProvider(projectFiles, {
    prepareTypeHierarchy: (document, position, token) =>
      provide(asking, 'column hierarchy', token, async (signal) => {
        const place = await placeOf(asking, document, position);
        const found = place === undefined ? undefined : await analysis.ask('hierarchyColumn', place, signal);
        return place === undefined || found === undefined ? undefined : toColumn(place.project, found);
      }),
    provideTypeHierarchySupertypes: (item, token) => related(item, true, token),
    provideTypeHierarchySubtypes: (item, token) => related(item, false, token),
  });

  const symbols = languages.registerWorkspaceSymbolProvider({
    provideWorkspaceSymbols: (query, token) =>
      provide(asking, 'project symbols', token, async (signal) => {
        await workspace.ready();
        const all: SymbolInformation[] = [];
        for (const { key } of workspace.outlines)
          for (const { name, kind, container, location, column } of await analysis.ask('projectSymbols', { project: key, query }, signal)) {
            const at = new Location(workspace.uriOf(key, location.path), toRange(location));
            const symbol = new SymbolInformation(name, kinds[kind], container, at);
            if (column !== undefined) unfound.set(symbol, { project: key, node: column.node, column: column.name });
            all.push(symbol);
          }
        return all;
      }),
    resolveWorkspaceSymbol: (symbol, token) =>
      provide(asking, 'place of a column', token, async (signal) => {
        const column = unfound.get(symbol);
        const place = column === undefined ? undefined : await analysis.ask('columnPlace', column, signal);
        if (column !== undefined && place !== undefined)
          symbol.location = new Location(workspace.uriOf(column.project, place.path), toRange(place));
        return symbol;
      }),
  });
  return Disposable.from(calls, types, symbols);
}
