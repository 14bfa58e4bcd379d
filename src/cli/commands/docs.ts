import { mkdirSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type SiteRows, toSiteData } from '../../core/docs/site-data.ts';
import { toSitePage } from '../../core/docs/site-page.ts';
import { isRelation } from '../../core/project/node.ts';
import type { NodeId } from '../../core/text/ids.ts';
import type { Command } from '../command.ts';
import { exitCodes, UsageError } from '../command.ts';
import { timeoutOption } from '../engine.ts';
import { readPageCode, readSiteCode } from '../page-code.ts';
import { type OpenedProject, openProject } from '../project.ts';
import { openSession } from '../session.ts';
import { printable } from './sql-run.ts';

const rowsShown = 20;

export const docsCommand: Command = {
  name: 'docs',
  summary: 'Write the documentation of a project as one HTML file that needs nothing else, or serve it.',
  usage: 'headwater docs [--project DIR] --out FILE|DIR [--serve PORT] [--with-data]',
  options: [
    { name: 'out', value: 'FILE|DIR', summary: 'the file to write, or the folder that gets an index.html' },
    { name: 'serve', value: 'PORT', summary: 'serve it to this machine until it is interrupted' },
    { name: 'with-data', summary: `show the first ${rowsShown} rows of every relation too; without it no value of a row is written` },
    timeoutOption,
  ],
  async run(invocation) {
    const out = invocation.option('out');
    const port = invocation.option('serve');
    if (out === undefined && port === undefined) throw new UsageError("'headwater docs' wants --out FILE, or --serve PORT.");
    if (port !== undefined && !(/^\d+$/.test(port) && Number(port) < 65_536))
      throw new UsageError(`'--serve' needs a port, not '${port}'.`);
    const opened = await openProject(invocation);
    const { snapshot } = opened;
    const page = await buildPage(opened, invocation.flag('with-data'));
    const file = out === undefined ? undefined : toFile(out);
    if (file !== undefined) {
      try {
        mkdirSync(dirname(file), { recursive: true });
        await writeFile(file, page);
      } catch (error) {
        throw new UsageError(`'${out}' cannot be written: ${error instanceof Error ? error.message : String(error)}`);
      }
      if (invocation.flag('json'))
        invocation.print(`${JSON.stringify({ version: 1, out, file, nodes: snapshot.nodes.size, bytes: Buffer.byteLength(page) })}\n`);
      invocation.say(`Documentation of ${snapshot.project.name} written to ${file}.`);
    }
    if (port !== undefined) await serve(page, Number(port), (text) => invocation.say(text));
    return exitCodes.fine;
  },
};

/** A name without an extension, or that of a folder, is a folder. */
function toFile(out: string): string {
  const isFolder = statSync(out, { throwIfNoEntry: false })?.isDirectory() ?? (/[/\\]$/.test(out) || extname(out) === '');
  return isFolder ? join(out, 'index.html') : out;
}

async function buildPage(opened: OpenedProject, withData: boolean): Promise<string> {
  const { index, columns, relations, chunks } = toSiteData(opened.snapshot, withData ? await readRows(opened) : undefined);
  return toSitePage({
    title: `${opened.snapshot.project.name}: data models`,
    ...readSiteCode(),
    index: pack(index),
    packed: [
      ['columns', pack(columns)],
      ['relations', pack(relations)],
      ['graph-code', pack({ graph: readPageCode('graph'), erd: readPageCode('erd') })],
      ...chunks.map((chunk, i) => [`chunk-${i}`, pack(chunk)] as const),
    ],
  });
}

function pack(value: unknown): string {
  return gzipSync(JSON.stringify(value), { level: 9 }).toString('base64');
}

async function readRows(opened: OpenedProject): Promise<ReadonlyMap<NodeId, SiteRows>> {
  const session = await openSession(opened);
  const found = new Map<NodeId, SiteRows>();
  for (const node of opened.snapshot.nodes.values()) {
    if (!node.enabled || !isRelation(node) || (node.kind === 'source' && node.data === undefined)) continue;
    const answer = await session.preview({ kind: 'node', node: node.id });
    if (answer.kind === 'failed') continue;
    const { result } = answer;
    const rows = (await result.page(0, rowsShown)).map((row) =>
      row.map((cell) => (cell === null ? '' : String(printable(cell)).slice(0, 200))),
    );
    found.set(node.id, { columns: result.columns.map(({ name }) => name), rows, count: result.rowCount });
    await result.drop();
  }
  return found;
}

/** Answers every request with the page; only this machine can ask. */
function serve(page: string, port: number, say: (text: string) => void): Promise<never> {
  return new Promise((_resolve, reject) => {
    const server = createServer((request, response) => {
      const isPage = request.method === 'GET' && /^\/(index\.html)?(\?|$)/.test(request.url ?? '/');
      response.writeHead(isPage ? 200 : 404, { 'content-type': 'text/html; charset=utf-8', 'x-content-type-options': 'nosniff' });
      response.end(isPage ? page : 'There is nothing here.');
    });
    server.on('error', (error) => reject(new UsageError(`Port ${port} cannot be served: ${error.message}`)));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      say(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}/`);
    });
  });
}
