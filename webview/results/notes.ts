import type { Location } from '../../src/core/text/span.ts';
import type { ResultTab } from '../../src/protocol.ts';
import { button, iconButton } from '../ui/controls.ts';
import { element } from '../ui/element.ts';
import { icon } from '../ui/icon.ts';

/** Whether a tab has notes beside its rows; those of a failure are its content. */
export function hasNotes(tab: ResultTab): boolean {
  return tab.state !== 'failed' && tab.state !== 'cancelled' && tab.notes.length > 0;
}

/** One quiet sign for all notes; it opens them. */
export function toNotesButton(tab: ResultTab, isOpen: boolean, toggle: () => void): HTMLElement | undefined {
  if (!hasNotes(tab)) return undefined;
  const isWarning = tab.notes.some(({ severity }) => severity !== 'info');
  const count = `${tab.notes.length} ${tab.notes.length === 1 ? 'note' : 'notes'}`;
  const made = iconButton(
    isWarning ? 'warning' : 'info',
    `${count} on this result: ${tab.notes.map(({ message }) => message).join(' ')}`,
    toggle,
    isOpen,
  );
  made.classList.add('notes-button', isWarning ? 'warning' : 'info');
  made.append(element('span', { class: 'count' }, String(tab.notes.length)));
  return made;
}

/** A line for each note, with a link to the place that it is about. */
export function toNoteLines(tab: ResultTab, open: (location: Location) => void): readonly HTMLElement[] {
  return tab.notes.map((note) =>
    element(
      'div',
      { class: `note ${note.severity}` },
      icon(note.severity === 'info' ? 'info' : 'warning'),
      element('span', { class: 'message' }, note.message),
      note.location !== undefined && toLink(note.location, open),
    ),
  );
}

/** A place in the user's files, as a link. */
export function toLink(location: Location, open: (location: Location) => void): HTMLElement {
  return element(
    'a',
    { class: 'link', href: '#', on: { click: (event) => [event.preventDefault(), open(location)] } },
    `${location.path}:${location.start.line}`,
  );
}

/** What is seen where there are no rows: why, and a way to try again. */
export function toOutcome(tab: ResultTab, open: (location: Location) => void, rerun: () => void): HTMLElement {
  const failed = tab.state === 'failed';
  return element(
    'div',
    { class: failed ? 'outcome failed' : 'outcome', role: failed ? 'alert' : 'status' },
    element('strong', {}, failed ? `${tab.title} could not be previewed` : `${tab.title} was not finished`),
    ...tab.notes.map((note) =>
      element('p', { class: note.severity }, note.message, ' ', note.location !== undefined && toLink(note.location, open)),
    ),
    button('Run Again', rerun),
  );
}
