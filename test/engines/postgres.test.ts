import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type PostgresSettings, PostgresWarehouse } from '../../src/engines/postgres.ts';

// What a server says before anybody is let in, message by message: the real one is met in test/cli/remote.test.ts.
let server: Server | undefined;

afterEach(() => {
  server?.close();
  server = undefined;
});

async function listen(talk: (socket: Socket) => void): Promise<PostgresSettings> {
  const own = createServer((socket) => {
    socket.on('error', () => undefined);
    talk(socket);
  });
  server = own;
  await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
  const address = own.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    host: '127.0.0.1',
    port,
    user: 'ada',
    password: 'hush',
    database: 'shop',
    sslMode: 'disable',
    connectSeconds: 1,
    querySeconds: 5,
  };
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** The server's refusal with one of its codes. */
function refusal(code: string, text: string): Buffer {
  return message('E', Buffer.from(`SFATAL\0C${code}\0M${text}\0\0`));
}

it.each([
  ['28P01', 'password authentication failed', "The server refuses the password of the user 'ada'."],
  ['3D000', 'database "shop" does not exist', "There is no database 'shop' on 127.0.0.1:"],
  ['28000', 'no pg_hba.conf entry for ada', "The server does not let the user 'ada' in: no pg_hba.conf entry for ada."],
  ['53300', 'too many clients already', 'has no connection left: too many clients already.'],
])('a refusal with %s is explained', async (code, text, sentence) => {
  const settings = await listen((socket) => socket.once('data', () => socket.end(refusal(code, text))));
  await expect(PostgresWarehouse.connect(settings)).rejects.toThrow(sentence);
});

it('a server that says nothing is left after the time that the profile sets', async () => {
  const settings = await listen(() => undefined);
  await expect(PostgresWarehouse.connect(settings)).rejects.toThrow('does not answer within 1 s.');
});

it('a server without TLS is said to have none where TLS is required', async () => {
  const settings = await listen((socket) => socket.once('data', () => socket.end('N')));
  await expect(PostgresWarehouse.connect({ ...settings, sslMode: 'require' })).rejects.toThrow(
    "does not speak TLS, which 'sslmode: require' asks for.",
  );
});

it('nothing that listens is told apart from a host that nobody knows', async () => {
  const settings = await listen(() => undefined);
  server?.close();
  await expect(PostgresWarehouse.connect(settings)).rejects.toThrow(/^Nothing listens on 127\.0\.0\.1:\d+/);
});
