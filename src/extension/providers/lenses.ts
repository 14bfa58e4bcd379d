import { CodeLens, type Disposable, type Event, EventEmitter, Disposable as Group, l10n, languages, type TextDocument } from 'vscode';
import type { Lens } from '../../core/editor/lenses.ts';
import { toPosition } from '../range.ts';
import { editorSwitch, onSwitch } from '../settings.ts';
import type { Asking } from './asking.ts';
import { fileOf, provide, sqlFiles } from './asking.ts';

/** Preview, lineage and tests above each model; preview and what is read above each CTE. */
export function registerLenses(asking: Asking, onDidCheckRows: Event<void>): Disposable {
  const changed = new EventEmitter<void>();
  const provider = languages.registerCodeLensProvider(sqlFiles, {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: (document, token) =>
      provide(asking, 'lenses', token, async (signal) => {
        if (!['preview', 'lineage', 'tests', 'ctes', 'grain'].some((name) => editorSwitch(`codeLens.${name}`, document.uri)))
          return undefined;
        const file = await fileOf(asking, document);
        const lenses = file === undefined ? [] : await asking.analysis.ask('lenses', file, signal);
        return lenses.flatMap((lens) => toLenses(lens, document));
      }),
  });
  const listening = asking.workspace.onDidChange(() => changed.fire());
  const checked = onDidCheckRows(() => changed.fire());
  const switched = onSwitch('codeLens', () => changed.fire());
  return Group.from(changed, provider, listening, checked, switched);
}

function toLenses(lens: Lens, document: TextDocument): CodeLens[] {
  const at = toPosition(lens.at);
  const range = document.lineAt(Math.min(at.line, document.lineCount - 1)).range;
  const isOn = (name: string): boolean => editorSwitch(`codeLens.${name}`, document.uri);
  const made: CodeLens[] = [];
  const add = (title: string, command: string, tooltip: string, ...given: unknown[]): void => {
    made.push(new CodeLens(range, { title, command, tooltip, arguments: given }));
  };
  const addGrain = (): void => {
    if (lens.grain === undefined || !isOn('grain')) return;
    const { columns, because } = lens.grain;
    const shown = columns.slice(0, 4).join(', ');
    const title = columns.length === 0 ? l10n.t('At most one row') : l10n.t('One row per {0}', columns.length > 4 ? `${shown}, …` : shown);
    add(title, '', because);
  };
  if (lens.kind === 'cte') {
    if (!isOn('ctes')) return [];
    if (isOn('preview'))
      add(l10n.t('Preview {0}', lens.name), 'headwater.previewCte', l10n.t('Show the rows of {0}', lens.name), lens.node, lens.name);
    if (isOn('lineage')) {
      const known = lens.columns === 1 ? l10n.t('1 column') : l10n.t('{0} columns', lens.columns);
      const many = lens.isOpen ? l10n.t('at least {0}', known) : known;
      const reads = lens.reads.length === 0 ? '' : ` · ${l10n.t('reads {0}', lens.reads.slice(0, 4).join(', '))}`;
      add(`${many}${reads}`, '', '');
      addGrain();
    }
    return made;
  }
  if (isOn('preview')) {
    add(l10n.t('Preview'), 'headwater.preview', l10n.t('Show the rows of this model'), lens.node);
    if (lens.ctes > 0)
      add(
        l10n.t('Count CTE rows'),
        'headwater.countRows',
        l10n.t('Count the rows of each CTE: where rows are lost or multiplied'),
        lens.node,
      );
  }
  addGrain();
  if (isOn('lineage'))
    add(
      l10n.t('Lineage ({0} → {1})', lens.parents, lens.children),
      'headwater.showGraph',
      l10n.t('Reads {0}, read by {1}', lens.parents, lens.children),
      lens.node,
    );
  if (isOn('tests')) {
    if (lens.tests > 0) {
      const title = lens.tests === 1 ? l10n.t('Run 1 test') : l10n.t('Run {0} tests', lens.tests);
      add(title, 'headwater.runTests', l10n.t('Run the tests of this model'), lens.node);
    } else add(l10n.t('Propose tests'), 'headwater.proposeTests', l10n.t('It has no tests yet'), lens.node);
  }
  return made;
}
