// Advance widths of printable ASCII in thousandths of the font size: the metrics that the usual interface fonts share within a few per cent.
const ascii = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278,
  278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722,
  667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556,
  556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
] as const;

/** The width of a text in pixels, computed and a little generous, so that a layout needs no screen. */
export function toTextWidth(text: string, fontSize: number, bold = false): number {
  let units = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    units += code >= 32 && code < 127 ? ascii[code - 32]! : code >= 0x2e80 ? 1000 : 620;
  }
  return (units * fontSize * (bold ? 1.17 : 1.1)) / 1000;
}

/** The text cut in its middle to fit a width: model names differ at both ends. */
export function toFitting(text: string, width: number, fontSize: number, bold = false): string {
  if (toTextWidth(text, fontSize, bold) <= width) return text;
  let keep = text.length - 1;
  while (keep > 2) {
    const cut = `${text.slice(0, Math.ceil(keep / 2))}…${text.slice(text.length - Math.floor(keep / 2))}`;
    if (toTextWidth(cut, fontSize, bold) <= width) return cut;
    keep--;
  }
  return `${text.slice(0, 1)}…`;
}
