/** What part of the picture is on the screen: the picture's point in the top left corner, and pixels per unit. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const leastZoom = 0.01;
export const mostZoom = 3;

/** The camera after zooming by a factor while the point under the pointer stays where it is. */
export function zoomAt(camera: Camera, factor: number, screenX: number, screenY: number): Camera {
  const zoom = Math.max(leastZoom, Math.min(mostZoom, camera.zoom * factor));
  return { zoom, x: camera.x + screenX / camera.zoom - screenX / zoom, y: camera.y + screenY / camera.zoom - screenY / zoom };
}

/** Room at the sides of what is fitted, and above and below it, where the legend and the notes stand. */
const margin = { side: 36, end: 46 };

/** The camera that shows a box whole and centred, never larger than life. */
export function toFit(box: Box, width: number, height: number): Camera {
  const boxWidth = Math.max(1, box.right - box.left);
  const boxHeight = Math.max(1, box.bottom - box.top);
  const zoom = Math.max(leastZoom, Math.min(1, (width - 2 * margin.side) / boxWidth, (height - 2 * margin.end) / boxHeight));
  return centreOn((box.left + box.right) / 2, (box.top + box.bottom) / 2, zoom, width, height);
}

/** The camera moved so that no room is wasted beside a box: what is longer than the screen fills it, what is shorter is centred. */
export function toFilled(camera: Camera, box: Box, width: number, height: number): Camera {
  const fill = (from: number, size: number, low: number, high: number): number =>
    high - low <= size ? (low + high - size) / 2 : Math.max(low, Math.min(high - size, from));
  const { zoom } = camera;
  const [side, end] = [margin.side / zoom, margin.end / zoom];
  return {
    zoom,
    x: fill(camera.x, width / zoom, box.left - side, box.right + side),
    y: fill(camera.y, height / zoom, box.top - end, box.bottom + end),
  };
}

export function centreOn(x: number, y: number, zoom: number, width: number, height: number): Camera {
  return { zoom, x: x - width / 2 / zoom, y: y - height / 2 / zoom };
}

/** The camera moved just far enough that a box is on the screen. */
export function toReveal(camera: Camera, box: Box, width: number, height: number): Camera {
  const slack = 48 / camera.zoom;
  const shift = (low: number, high: number, from: number, size: number): number => {
    if (high - low > size - 2 * slack || low < from + slack) return low - slack;
    return high > from + size - slack ? high + slack - size : from;
  };
  return {
    zoom: camera.zoom,
    x: shift(box.left, box.right, camera.x, width / camera.zoom),
    y: shift(box.top, box.bottom, camera.y, height / camera.zoom),
  };
}

/** The part of the picture that a camera sees. */
export function toSeen(camera: Camera, width: number, height: number): Box {
  return { left: camera.x, top: camera.y, right: camera.x + width / camera.zoom, bottom: camera.y + height / camera.zoom };
}
