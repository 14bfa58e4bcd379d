import {
  CompletionItem,
  CompletionItemKind,
  CompletionList,
  Disposable,
  languages,
  ParameterInformation,
  SignatureHelp,
  SignatureInformation,
} from 'vscode';
import type { Suggestion } from '../../core/docs/completion.ts';
import { toMarkdownString } from '../markdown.ts';
import { toRange } from '../range.ts';
import { isOn } from '../settings.ts';
import type { Asking } from './asking.ts';
import { placeOf, projectFiles, provide } from './asking.ts';

const kinds: Readonly<Record<Suggestion['kind'], CompletionItemKind>> = {
  column: CompletionItemKind.Field,
  cte: CompletionItemKind.Struct,
  relation: CompletionItemKind.Class,
  source: CompletionItemKind.Class,
  macro: CompletionItemKind.Method,
  var: CompletionItemKind.Variable,
  function: CompletionItemKind.Function,
  key: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  docs: CompletionItemKind.Reference,
  parameter: CompletionItemKind.Property,
};

/** Columns in sight, relations, arguments of Jinja and keys of properties files, and the signature of the macro that is called. */
export function registerCompletion(asking: Asking): Disposable {
  const completion = languages.registerCompletionItemProvider(
    projectFiles,
    {
      provideCompletionItems: (document, position, token) =>
        provide(asking, 'completion', token, async (signal) => {
          if (!isOn('completion', document.uri)) return undefined;
          const place = await placeOf(asking, document, position);
          const answer =
            place === undefined ? undefined : await asking.analysis.ask('complete', { ...place, text: document.getText() }, signal);
          if (answer === undefined) return undefined;
          const range = toRange(answer);
          const items = answer.items.map((suggestion, index) => {
            const item = new CompletionItem({ label: suggestion.label, description: suggestion.detail }, kinds[suggestion.kind]);
            item.range = range;
            item.insertText = suggestion.insert ?? suggestion.label;
            item.filterText = suggestion.label;
            item.sortText = `${suggestion.rank}${String(index).padStart(6, '0')}`;
            if (suggestion.documentation !== undefined) item.documentation = toMarkdownString(suggestion.documentation);
            return item;
          });
          return new CompletionList(items, false);
        }),
    },
    '.',
    "'",
    '"',
    '(',
    ' ',
  );
  const signature = languages.registerSignatureHelpProvider(
    projectFiles,
    {
      provideSignatureHelp: (document, position, token) =>
        provide(asking, 'signature', token, async (signal) => {
          if (!isOn('completion', document.uri)) return undefined;
          const place = await placeOf(asking, document, position);
          const answer =
            place === undefined ? undefined : await asking.analysis.ask('signature', { ...place, text: document.getText() }, signal);
          if (answer === undefined) return undefined;
          const information = new SignatureInformation(
            answer.label,
            answer.documentation === '' ? undefined : toMarkdownString(answer.documentation),
          );
          information.parameters = answer.parameters.map((parameter) => new ParameterInformation(parameter));
          const help = new SignatureHelp();
          help.signatures = [information];
          help.activeSignature = 0;
          help.activeParameter = answer.active;
          return help;
        }),
    },
    '(',
    ',',
  );
  return Disposable.from(completion, signature);
}
