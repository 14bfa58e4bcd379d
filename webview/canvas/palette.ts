import type { Layer } from '../../src/core/layout/layer.ts';
import { colorsOnDark, colorsOnLight } from '../../src/core/layout/layer-colors.ts';
import type { Card } from '../../src/core/layout/picture.ts';

/** The colours of one theme, read from the page; the layers' own scheme keeps apart for readers who see fewer colours. */
export interface Palette {
  readonly kind: 'dark' | 'light' | 'contrast';
  readonly ground: string;
  readonly card: string;
  readonly cardLine: string;
  readonly text: string;
  readonly quiet: string;
  readonly link: string;
  readonly lit: string;
  readonly focus: string;
  readonly selected: string;
  readonly hover: string;
  readonly error: string;
  readonly warning: string;
  readonly pass: string;
  readonly font: string;
  readonly mono: string;
  readonly layers: Readonly<Record<Layer, string>>;
  /** The colour of a card, where it is not that of its layer. */
  readonly colour?: (card: Card) => string | undefined;
}

/** The colour that a card is told apart by. */
export function colourOf(palette: Palette, card: Card): string {
  return palette.colour?.(card) ?? palette.layers[card.layer];
}

/** The palette of paper, whatever the theme: dark ink on white. */
export function toPrintPalette(palette: Palette): Palette {
  return {
    ...palette,
    kind: 'light',
    ground: '#ffffff',
    card: '#ffffff',
    cardLine: '#9aa1ab',
    text: '#000000',
    quiet: '#444444',
    link: '#7d8590',
    hover: '#eeeeee',
    selected: '#e4eefb',
    layers: colorsOnLight,
  };
}

/** The palette of the page as it is now: VS Code's theme tokens, and the layers' scheme for its ground. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.body);
  const token = (name: string, ...rest: readonly string[]): string => {
    for (const key of [name, ...rest]) {
      if (!key.startsWith('--')) return key;
      const value = style.getPropertyValue(key).trim();
      if (value !== '') return value;
    }
    return 'transparent';
  };
  const classes = document.body.classList;
  const highContrast = classes.contains('vscode-high-contrast') || classes.contains('vscode-high-contrast-light');
  const light = classes.contains('vscode-light') || classes.contains('vscode-high-contrast-light');
  const ground = token('--vscode-editor-background', light ? '#ffffff' : '#1e1e1e');
  const text = token('--vscode-editor-foreground', '--vscode-foreground', light ? '#333333' : '#cccccc');
  return {
    kind: highContrast ? 'contrast' : light ? 'light' : 'dark',
    ground,
    card: highContrast ? ground : token('--vscode-editorWidget-background', ground),
    cardLine: token(
      '--vscode-contrastBorder',
      '--vscode-editorWidget-border',
      '--vscode-widget-border',
      light ? 'rgba(0,0,0,.16)' : 'rgba(255,255,255,.14)',
    ),
    text,
    quiet: highContrast ? text : token('--vscode-descriptionForeground', text),
    link: highContrast ? text : light ? 'rgba(70,80,95,.42)' : 'rgba(170,180,195,.38)',
    lit: token('--vscode-focusBorder', light ? '#0060c0' : '#3794ff'),
    focus: token('--vscode-focusBorder', '#0078d4'),
    selected: token('--vscode-list-activeSelectionBackground', 'rgba(0,120,212,.35)'),
    hover: token('--vscode-list-hoverBackground', 'rgba(128,128,128,.14)'),
    error: token('--vscode-testing-iconFailed', '--vscode-errorForeground', '#f14c4c'),
    warning: token('--vscode-editorWarning-foreground', '#cca700'),
    pass: token('--vscode-testing-iconPassed', '#2ea043'),
    font: token('--vscode-font-family', 'sans-serif'),
    mono: token('--vscode-editor-font-family', 'monospace'),
    layers: light ? colorsOnLight : colorsOnDark,
  };
}
