import type { GraphView, Scope } from '../../src/core/layout/picture.ts';
import { showKeys } from '../canvas/keys.ts';
import type { MenuItem } from '../ui/controls.ts';
import { iconButton, openMenu, worded } from '../ui/controls.ts';
import { element, replaceChildren } from '../ui/element.ts';
import type { History } from './history.ts';
import { graphKeys } from './keys.ts';
import { buildStepper } from './stepper.ts';

/** What the toolbar shows. */
export interface ToolbarState {
  readonly title: string;
  readonly view: GraphView | undefined;
  readonly history: History;
  readonly locked: boolean;
  readonly sideShown: boolean;
  readonly alone: boolean;
}

/** What its buttons do. */
export interface ToolbarActions {
  back(): void;
  forward(): void;
  go(scope: Scope): void;
  toggleLock(): void;
  toggleSide(): void;
  countRows(): void;
  showMenu(): readonly (MenuItem | 'line')[];
  exportMenu(): readonly (MenuItem | 'line')[];
}

/** Fills the toolbar for a state; a button that had the keyboard's focus has it again. */
export function showToolbar(toolbar: HTMLElement, finder: HTMLElement, state: ToolbarState, does: ToolbarActions): void {
  const { view, history, locked } = state;
  const scope = view?.scope;
  const back = iconButton('back', 'Back (Alt+Left)', () => does.back());
  const forward = iconButton('forward', 'Forward (Alt+Right)', () => does.forward());
  back.disabled = history.back.length === 0;
  forward.disabled = history.forward.length === 0;
  const focused =
    document.activeElement instanceof HTMLElement && toolbar.contains(document.activeElement) ? document.activeElement.title : '';
  const asProject = (): void => does.go({ kind: 'project', opened: [] });
  replaceChildren(
    toolbar,
    back,
    forward,
    element('h1', { class: 'hw-title', title: state.title }, state.title),
    scope?.kind === 'focus' && buildStepper(scope, 'up', (to) => does.go(to)),
    scope?.kind === 'focus' && buildStepper(scope, 'down', (to) => does.go(to)),
    scope?.kind === 'ctes' &&
      !state.alone &&
      iconButton('statistics', 'Count the rows of every CTE over the data at hand', () => does.countRows()),
    worded('Project', iconButton('graph', 'Whole project (w)', asProject, scope?.kind === 'project')),
    element('span', { class: 'hw-spring' }),
    finder,
    worded(
      'Show',
      iconButton('filter', 'What is shown', (event) => openMenu(toBelow(event), does.showMenu())),
    ),
    !state.alone &&
      worded(
        'Lock',
        iconButton('lock', locked ? 'Follow the editor again' : 'Lock: do not follow the editor', () => does.toggleLock(), locked),
      ),
    worded(
      'Export',
      iconButton('export', 'Export', (event) => openMenu(toBelow(event), does.exportMenu())),
    ),
    worded(
      'Details',
      iconButton('panel', 'Details (i)', () => does.toggleSide(), state.sideShown),
    ),
    worded(
      'Keys',
      iconButton('help', 'Keys (?)', () => showKeys('Keys of the lineage graph', graphKeys)),
    ),
  );
  if (focused !== '') [...toolbar.querySelectorAll('button')].find((at) => at.title === focused)?.focus();
}

function toBelow(event: MouseEvent): { readonly x: number; readonly y: number } {
  const box =
    event.currentTarget instanceof Element ? event.currentTarget.getBoundingClientRect() : new DOMRect(event.clientX, event.clientY, 0, 0);
  return { x: box.left, y: box.bottom + 2 };
}
