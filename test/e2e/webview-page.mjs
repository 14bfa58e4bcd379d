// A webview's bundle alone in a plain page: the editor's tokens of a theme, and a host that answers the same calls as the real one.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';

const dist = path.resolve(import.meta.dirname, '../../dist/webview');
const themes = JSON.parse(readFileSync(path.join(import.meta.dirname, 'themes.json'), 'utf8'));

/**
 * Serves the page of a surface; `hostScript` defines `answers`, a function per call, and may call `tell(type, ask)`. With `answer`, a function
 * of a call's name and question, the page may ask this side by `askHost(type, ask)`.
 */
export async function servePage(surface, theme, hostScript, answer) {
  const { kind, variables } = themes[theme];
  const page = `<!DOCTYPE html><html lang="en" style="${variables.replaceAll('"', "'")}"><head><meta charset="utf-8"><title>${surface}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-test'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'">
<link rel="stylesheet" href="/${surface}.css"></head><body class="${kind}" data-vscode-theme-kind="${kind}">
<script nonce="test">
let answers = {};
const tell = (type, ask) => window.postMessage({ kind: 'ask', id: Math.random(), type, ask }, '*');
window.failures = [];
const askHost = async (type, ask) => {
  const response = await fetch('/ask', { method: 'POST', body: JSON.stringify({ type, ask }) });
  if (response.status === 500) throw new Error(await response.text());
  if (response.status === 204) return undefined;
  if (response.headers.get('content-type') !== 'application/octet-stream') return response.json();
  // As the editor does it, bytes cross beside the message that they belong to.
  const bytes = new Uint8Array(await response.arrayBuffer());
  const end = bytes.indexOf(10);
  return { ...JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))), picture: bytes.slice(end + 1) };
};
window.acquireVsCodeApi = () => ({
  getState: () => undefined, setState: () => undefined,
  postMessage: async (message) => {
    if (message.kind !== 'ask') return;
    if (message.type === 'failed') { window.failures.push(message.ask.message); return; }
    try { window.postMessage({ kind: 'answer', id: message.id, answer: await answers[message.type](message.ask) }, '*'); }
    catch (error) { window.postMessage({ kind: 'failed', id: message.id, message: error.message, cancelled: false }, '*'); }
  },
});
window.addEventListener('securitypolicyviolation', (event) => window.failures.push('policy: ' + event.violatedDirective + ' ' + event.blockedURI));
${hostScript}
</script><script nonce="test" src="/${surface}.js"></script></body></html>`;
  const types = { '.js': 'text/javascript', '.css': 'text/css', '.map': 'application/json' };
  const answerTo = async (request, response) => {
    try {
      const pieces = [];
      for await (const piece of request) pieces.push(piece);
      const { type, ask } = JSON.parse(Buffer.concat(pieces).toString());
      const answered = await answer(type, ask);
      response.statusCode = answered === undefined ? 204 : 200;
      if (answered?.picture instanceof Uint8Array) {
        response.setHeader('content-type', 'application/octet-stream');
        response.write(`${JSON.stringify({ ...answered, picture: undefined })}\n`);
        response.end(answered.picture);
      } else response.end(answered === undefined ? undefined : JSON.stringify(answered));
    } catch (error) {
      response.statusCode = 500;
      response.end(error.message);
    }
  };
  const server = createServer((request, response) => {
    if (request.url === '/ask' && answer !== undefined) {
      void answerTo(request, response);
      return;
    }
    const name = request.url === '/' ? undefined : path.basename(request.url);
    try {
      const body = name === undefined ? page : readFileSync(path.join(dist, name));
      response.setHeader('content-type', name === undefined ? 'text/html' : (types[path.extname(name)] ?? 'application/octet-stream'));
      response.end(body);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { base: `http://127.0.0.1:${server.address().port}/`, close: () => new Promise((resolve) => server.close(resolve)) };
}
