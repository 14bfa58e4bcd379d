import type { Webview, WebviewOptions } from 'vscode';
import { Uri } from 'vscode';
import type { Port } from '../../wire.ts';
export type Surface = 'graph' | 'erd' | 'results';
/** What a webview may do: run the scripts of this extension and nothing else. */
export declare function webviewOptions(extension: Uri): WebviewOptions;
/** The page of a surface: its bundle and stylesheet under a policy that admits no other source. `data` is read by `pageData`. */
export declare function toPage(
  webview: Webview,
  extension: Uri,
  surface: Surface,
  title: string,
  data?: Readonly<Record<string, string>>,
): string;
/** A webview's channel as a port. */
export declare function toPort(webview: Webview): Port;
