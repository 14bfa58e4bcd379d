import type { Webview, WebviewOptions } from 'vscode';
import { Uri } from 'vscode';
import type { Port } from '../../wire.ts';

export type Surface = 'graph' | 'erd' | 'results';

/** What a webview may do: run the scripts of this extension and nothing else. */
export function webviewOptions(extension: Uri): WebviewOptions {
  return { enableScripts: true, localResourceRoots: [Uri.joinPath(extension, 'dist', 'webview'), Uri.joinPath(extension, 'media')] };
}

/** The page of a surface: its bundle and stylesheet under a policy that admits no other source. `data` is read by `pageData`. */
export function toPage(
  webview: Webview,
  extension: Uri,
  surface: Surface,
  title: string,
  data: Readonly<Record<string, string>> = {},
): string {
  const nonce = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const file = (name: string): Uri => webview.asWebviewUri(Uri.joinPath(extension, 'dist', 'webview', name));
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    // Positions of cards and widths of columns are set as inline styles.
    `style-src ${webview.cspSource} 'unsafe-inline'`,
    `img-src ${webview.cspSource} data:`,
    `font-src ${webview.cspSource}`,
  ].join('; ');
  const attributes = Object.entries(data)
    .map(([name, value]) => ` data-${name}="${escapeHtml(value)}"`)
    .join('');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${file(`${surface}.css`)}">
</head>
<body${attributes}>
<script nonce="${nonce}" src="${file(`${surface}.js`)}"></script>
</body>
</html>`;
}

/** A webview's channel as a port. */
export function toPort(webview: Webview): Port {
  return {
    post: (message) => void webview.postMessage(message),
    listen: (take) => void webview.onDidReceiveMessage(take),
  };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
