import {
  type Disposable,
  EventEmitter,
  FoldingRange,
  FoldingRangeKind,
  Disposable as Group,
  InlayHint,
  InlayHintKind,
  languages,
  SemanticTokensBuilder,
  SemanticTokensLegend,
  TextEdit,
} from 'vscode';
import { findFoldings } from '../../core/editor/folding.ts';
import type { TokenKind } from '../../core/editor/semantic-tokens.ts';
import { toMarkdownString } from '../markdown.ts';
import { toPosition, toRange } from '../range.ts';
import { editorSwitch, onSwitch } from '../settings.ts';
import type { Asking } from './asking.ts';
import { fileOf, projectOf, provide, sqlFiles } from './asking.ts';

// The ids are those of the manifest; an editor's theme colours them as the types that they are kinds of.
const types: Readonly<Record<TokenKind, string>> = {
  cte: 'cte',
  table: 'table',
  alias: 'alias',
  column: 'column',
  function: 'function',
  macro: 'macro',
  relation: 'relation',
  var: 'variable',
  keyword: 'keyword',
};
const legend = new SemanticTokensLegend(Object.values(types), ['declaration']);
const numbers = new Map(Object.keys(types).map((kind, index) => [kind, index]));

/** What is shown in the text itself: the kinds of names, what folds, and hints beside stars and ordinals. */
export function registerText(asking: Asking): Disposable {
  const refresh = new EventEmitter<void>();
  const { workspace, analysis } = asking;
  const tokens = languages.registerDocumentSemanticTokensProvider(
    sqlFiles,
    {
      onDidChangeSemanticTokens: refresh.event,
      provideDocumentSemanticTokens: (document, token) =>
        provide(asking, 'tokens', token, async (signal) => {
          const file = await fileOf(asking, document);
          if (file === undefined) return undefined;
          const builder = new SemanticTokensBuilder(legend);
          for (const { start, length, kind, isDeclaration } of await analysis.ask('tokens', file, signal)) {
            const at = toPosition(start);
            builder.push(at.line, at.character, length, numbers.get(kind) ?? 0, isDeclaration ? 1 : 0);
          }
          return builder.build();
        }),
    },
    legend,
  );
  const folding = languages.registerFoldingRangeProvider(sqlFiles, {
    provideFoldingRanges: (document, _, token) =>
      provide(asking, 'folding', token, async () => {
        const place = await projectOf(asking, document);
        return place === undefined
          ? undefined
          : findFoldings(document.getText()).map(
              ({ start, end, kind }) => new FoldingRange(start - 1, end - 1, kind === 'comment' ? FoldingRangeKind.Comment : undefined),
            );
      }),
  });
  const inlays = languages.registerInlayHintsProvider(sqlFiles, {
    onDidChangeInlayHints: refresh.event,
    provideInlayHints: (document, range, token) =>
      provide(asking, 'inlays', token, async (signal) => {
        const wanted = { star: editorSwitch('inlayHints.stars', document.uri), ordinal: editorSwitch('inlayHints.ordinals', document.uri) };
        const file = wanted.star || wanted.ordinal ? await fileOf(asking, document) : undefined;
        const found = file === undefined ? [] : await analysis.ask('inlays', file, signal);
        return found
          .filter((one) => wanted[one.kind] && range.contains(toPosition(one.at)))
          .map((one) => {
            const hint = new InlayHint(toPosition(one.at), one.text, one.kind === 'star' ? InlayHintKind.Type : InlayHintKind.Parameter);
            hint.paddingLeft = true;
            hint.tooltip = toMarkdownString(one.tooltip);
            if (one.edit !== undefined) hint.textEdits = [new TextEdit(toRange(one.edit.location), one.edit.text)];
            return hint;
          });
      }),
  });
  const listening = workspace.onDidChange(() => refresh.fire());
  const switched = onSwitch('inlayHints', () => refresh.fire());
  return Group.from(refresh, tokens, folding, inlays, listening, switched);
}
