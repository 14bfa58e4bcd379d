import type { Camera } from './camera.ts';
import { zoomAt } from './camera.ts';

/** What gestures on a canvas lead to. */
export interface GestureActions {
  camera(): Camera;
  move(camera: Camera): void;
  /** A pointer went down: the keyboard belongs here from now on. */
  take(): void;
  point(event: PointerEvent): void;
  leave(): void;
  /** A drag begins: whether it takes something along instead of panning. */
  grab(event: PointerEvent): boolean;
  /** What was taken moves by so many pixels; without any, it was let go. */
  carry(by: { readonly x: number; readonly y: number } | undefined): void;
  press(event: PointerEvent, twice: boolean): void;
  menu(event: MouseEvent): void;
}

/** Milliseconds between two presses that count as one double press. */
const doublePress = 350;

/** Drags and pinches pan and zoom, the wheel zooms, a trackpad scrolls; what is left are presses and pointing. */
export function listenToGestures(canvas: HTMLCanvasElement, does: GestureActions): void {
  const pointers = new Map<number, { x: number; y: number }>();
  let dragged = false;
  let holds = false;
  let down: PointerEvent | undefined;
  let spread = 0;
  let lastPress = 0;
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button === 2) return;
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    dragged = false;
    holds = false;
    down = event;
    spread = 0;
    does.take();
    event.preventDefault();
  });
  canvas.addEventListener('pointermove', (event) => {
    const from = pointers.get(event.pointerId);
    if (from === undefined) {
      does.point(event);
      return;
    }
    const dx = event.clientX - from.x;
    const dy = event.clientY - from.y;
    if (!dragged && pointers.size === 1 && Math.hypot(dx, dy) < 4) return;
    if (!dragged) {
      does.leave();
      holds = pointers.size === 1 && down !== undefined && does.grab(down);
    }
    dragged = true;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (holds) {
      does.carry({ x: dx, y: dy });
      return;
    }
    const camera = does.camera();
    const [a, b] = [...pointers.values()];
    if (pointers.size === 2 && a !== undefined && b !== undefined) {
      const now = Math.hypot(a.x - b.x, a.y - b.y);
      const box = canvas.getBoundingClientRect();
      if (spread > 0) does.move(zoomAt(camera, now / spread, (a.x + b.x) / 2 - box.left, (a.y + b.y) / 2 - box.top));
      spread = now;
    } else {
      canvas.style.cursor = 'grabbing';
      does.move({ ...camera, x: camera.x - dx / camera.zoom, y: camera.y - dy / camera.zoom });
    }
  });
  canvas.addEventListener('pointerup', (event) => {
    const pressed = pointers.delete(event.pointerId);
    canvas.style.cursor = '';
    if (pressed && holds) does.carry(undefined);
    holds = false;
    if (!pressed || dragged) return;
    const now = event.timeStamp;
    const twice = now - lastPress < doublePress;
    lastPress = twice ? 0 : now;
    does.press(event, twice);
  });
  canvas.addEventListener('pointercancel', (event) => {
    pointers.delete(event.pointerId);
    if (holds) does.carry(undefined);
    holds = false;
  });
  canvas.addEventListener('pointerleave', () => does.leave());
  canvas.addEventListener('contextmenu', (event) => {
    event.preventDefault();
    does.menu(event);
  });
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      does.move(turnWheel(does.camera(), event, canvas.getBoundingClientRect()));
    },
    { passive: false },
  );
}

/** A trackpad scrolls in both directions and pinches with ctrl; a wheel turns in coarse steps and zooms. */
function turnWheel(camera: Camera, event: WheelEvent, box: DOMRect): Camera {
  const unit = event.deltaMode === 1 ? 16 : 1;
  const wheel =
    event.ctrlKey || event.metaKey || (event.deltaX === 0 && Math.abs(event.deltaY * unit) >= 50 && Number.isInteger(event.deltaY));
  if (!wheel) return { ...camera, x: camera.x + (event.deltaX * unit) / camera.zoom, y: camera.y + (event.deltaY * unit) / camera.zoom };
  const strength = event.ctrlKey && Math.abs(event.deltaY) < 50 ? 0.01 : 0.0016;
  return zoomAt(camera, Math.exp(-event.deltaY * unit * strength), event.clientX - box.left, event.clientY - box.top);
}
