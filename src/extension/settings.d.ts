import type { Uri } from 'vscode';
import type { PreviewSettings, ProjectSettings } from '../protocol.ts';
/** The settings that change how a folder's projects are read. */
export declare function projectSettings(folder: Uri): ProjectSettings;
export declare function previewSettings(): PreviewSettings;
/** A switch of the settings, such as `hover`. */
export declare function isOn(name: 'hover' | 'diagnostics' | 'followEditor', scope?: Uri): boolean;
