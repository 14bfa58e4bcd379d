import { Uri } from 'vscode';
/** Copies a sample project out of the extension, so that it can be changed, and opens it. */
export declare function openSample(extension: Uri): Promise<void>;
