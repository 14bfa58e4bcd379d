import type { ExtensionContext } from 'vscode';
import type { Outline, ResultTab } from '../protocol.ts';
import type { Platform } from './platform.ts';
/** What the extension shows to tests and to other extensions. */
export interface Api {
  /** Resolves when the open folders have been read. */
  ready(): Promise<void>;
  readonly outlines: readonly Outline[];
  readonly results: {
    readonly tabs: readonly ResultTab[];
    readonly active: number | undefined;
  };
  /** What nothing else caught since activation. */
  readonly failures: readonly string[];
  /** Ends the preview worker as a crash would. */
  endPreviewWorker(): Promise<void>;
}
/** Wires the parts together; nothing is read and no worker starts before it is needed. */
export declare function start(context: ExtensionContext, platform: Platform): Api;
