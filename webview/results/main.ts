import '../ui/style.css';
import './results.css';
import './tabs.css';
import './notes.css';
import './grid-header.css';
import './grid.css';
import './search.css';
import './profile.css';
import './live.css';
import './chart.css';
import type { ResultsCalls, ResultsHostCalls, ResultTab } from '../../src/protocol.ts';
import { button, iconButton } from '../ui/controls.ts';
import { element, replaceChildren } from '../ui/element.ts';
import { connectHost } from '../ui/host.ts';
import { ResultSurface } from './result-surface.ts';
import { drawTabs } from './tabs.ts';

const host = connectHost<ResultsHostCalls, ResultsCalls>({
  show: ({ tabs, active, isFollowing }) => {
    drawFollow(isFollowing);
    show(tabs, active);
  },
  selection: () => (seen === undefined ? undefined : surfaces.get(seen)?.picked),
});

const strip = element('nav', { class: 'strip', 'aria-label': 'Previews' });
const place = element('main', { class: 'place' });
let seen: number | undefined;
const surfaces = new Map<number, ResultSurface>();
const tools = element('div', { class: 'tools' });
const follow = element('span', { class: 'follow' });
const top = element('div', { class: 'top' }, strip, follow, tools);
document.body.append(element('div', { class: 'hw-surface' }, top, place));
void host.ask('ready', undefined);

function show(tabs: readonly ResultTab[], active: number | undefined): void {
  for (const id of [...surfaces.keys()]) if (!tabs.some((tab) => tab.id === id)) surfaces.delete(id);
  drawTabs(strip, tabs, active, {
    activate: (tab) => void host.ask('activate', { tab }),
    close: (tab) => void host.ask('close', { tab }),
    pin: (tab, pinned) => void host.ask('pin', { tab, pinned }),
  });
  seen = active;
  const tab = tabs.find((candidate) => candidate.id === active);
  if (tab === undefined) {
    showWelcome();
    return;
  }
  let surface = surfaces.get(tab.id);
  if (surface === undefined) {
    surface = new ResultSurface(tab.id, host);
    surfaces.set(tab.id, surface);
  }
  surface.show(tab);
  if (surface.root.parentElement === place) return;
  replaceChildren(place, surface.root);
  replaceChildren(tools, surface.bar);
}

/** The eye: whether a tab shows what the cursor of the editor stands in. */
function drawFollow(isOn: boolean): void {
  const label = isOn ? 'Stop following the cursor' : 'Follow the cursor: show rows while you type';
  const focused = follow.contains(document.activeElement);
  const made = iconButton('eye', label, () => void host.ask('follow', { isOn: !isOn }), isOn);
  replaceChildren(follow, made);
  if (focused) made.focus();
}

function showWelcome(): void {
  replaceChildren(tools);
  replaceChildren(
    place,
    element(
      'div',
      { class: 'hw-empty' },
      element('strong', {}, 'No preview yet'),
      element(
        'span',
        {},
        'Put the cursor in a model and press ',
        element('kbd', {}, navigator.platform.startsWith('Mac') ? '⌘ Enter' : 'Ctrl+Enter'),
        '. Its rows are computed here, over the seeds.',
      ),
      button('Preview Model', () => void host.ask('previewActive', undefined), 'primary'),
      button('Follow the Cursor', () => void host.ask('follow', { isOn: true })),
    ),
  );
}
