/** The extension's version; a test holds it equal to package.json's. */
export const version = '0.1.0';

/** What `headwater version` prints. */
export function versionText(): string {
  return `${JSON.stringify({ version: 1, headwater: version })}\n`;
}
