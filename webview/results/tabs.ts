import type { ResultTab } from '../../src/protocol.ts';
import { iconButton } from '../ui/controls.ts';
import { element, replaceChildren } from '../ui/element.ts';

interface TabEvents {
  activate(tab: number): void;
  close(tab: number): void;
  pin(tab: number, pinned: boolean): void;
}

/** Draws the strip of tabs; arrow keys walk it, Delete closes the tab in focus. */
export function drawTabs(strip: HTMLElement, tabs: readonly ResultTab[], active: number | undefined, events: TabEvents): void {
  const focused = strip.contains(document.activeElement);
  strip.hidden = tabs.length === 0;
  const made = tabs.map((tab) => {
    const selected = tab.id === active;
    const at = tabs.indexOf(tab);
    const step = (by: number): void => {
      const next = tabs[(at + by + tabs.length) % tabs.length];
      if (next !== undefined) events.activate(next.id);
    };
    const label = element(
      'button',
      {
        class: tab.pinned ? 'label' : 'label passing',
        type: 'button',
        tabindex: selected ? 0 : -1,
        'aria-current': selected ? 'true' : undefined,
        on: {
          keydown: (event) => {
            if (event.key === 'ArrowRight') step(1);
            else if (event.key === 'ArrowLeft') step(-1);
            else if (event.key === 'Delete') events.close(tab.id);
          },
        },
      },
      tab.title,
    );
    return element(
      'div',
      {
        class: `tab${selected ? ' active' : ''}${tab.state === 'failed' ? ' failed' : ''}`,
        role: 'presentation',
        title: tab.title,
        on: {
          click: () => events.activate(tab.id),
          auxclick: (event) => event.button === 1 && events.close(tab.id),
          dblclick: () => events.pin(tab.id, !tab.pinned),
        },
      },
      label,
      iconButton(
        'pin',
        tab.pinned ? 'Unpin: the next preview may take this tab' : 'Pin: keep this tab',
        (event) => stop(event, () => events.pin(tab.id, !tab.pinned)),
        tab.pinned,
      ),
      iconButton('close', `Close ${tab.title}`, (event) => stop(event, () => events.close(tab.id))),
    );
  });
  replaceChildren(strip, ...made);
  if (focused) strip.querySelector<HTMLElement>('[aria-current="true"]')?.focus();
}

function stop(event: MouseEvent, run: () => void): void {
  event.stopPropagation();
  run();
}
