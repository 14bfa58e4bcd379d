import { type Disposable, DocumentSymbol, languages, SymbolKind } from 'vscode';
import type { FileSymbol } from '../../core/docs/symbols.ts';
import { toRange } from '../range.ts';
import type { Asking } from './asking.ts';
import { projectOf, provide } from './asking.ts';

const kinds: Readonly<Record<FileSymbol['kind'], SymbolKind>> = {
  query: SymbolKind.Class,
  cte: SymbolKind.Struct,
  column: SymbolKind.Field,
  macro: SymbolKind.Function,
};

/** The CTEs and columns of a file in the outline and the breadcrumbs. */
export function registerSymbols(asking: Asking): Disposable {
  return languages.registerDocumentSymbolProvider([{ pattern: '**/*.sql' }], {
    provideDocumentSymbols: (document, token) =>
      provide(asking, 'symbols', token, async (signal) => {
        const place = await projectOf(asking, document);
        const found = place === undefined ? undefined : await asking.analysis.ask('symbols', place, signal);
        return found?.map(toSymbol);
      }),
  });
}

function toSymbol(symbol: FileSymbol): DocumentSymbol {
  const own = { start: symbol.nameStart, end: symbol.nameEnd };
  const made = new DocumentSymbol(symbol.name, symbol.detail, kinds[symbol.kind], toRange(symbol), toRange(own));
  made.children = symbol.children.map(toSymbol);
  return made;
}
