import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { findPostgres as findPrograms } from '../../../scripts/requirements.mjs';

/** The folder of PostgreSQL's programs; without them the tests fail and say what to install. */
export function findPostgres(): string {
  const programs = findPrograms();
  if (programs === undefined) throw new Error('PostgreSQL is missing: run `npm run setup`, or install the package `postgresql`.');
  return programs;
}

/** A PostgreSQL of our own in a temporary folder, reached over a socket in it; nothing else can see it. */
export class TemporaryPostgres {
  readonly #folder = mkdtempSync(join(tmpdir(), 'headwater-pg-'));
  readonly #programs: string;

  constructor(programs: string) {
    this.#programs = programs;
    // The server refuses to run as root; the packaged user is there wherever the packaged server is.
    if (process.getuid?.() === 0) execFileSync('chown', ['postgres', this.#folder]);
    this.#run('initdb', ['-D', this.#data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']);
    const options = `-c listen_addresses='' -k ${this.#folder} -c fsync=off -c timezone=UTC`;
    this.#run('pg_ctl', ['-D', this.#data, '-w', '-o', options, '-l', join(this.#folder, 'log'), 'start']);
  }

  /** The folder of its socket, which a client takes for a host. */
  get host(): string {
    return this.#folder;
  }

  get #data(): string {
    return join(this.#folder, 'data');
  }

  /** A client of a database, which is made when it is not there. Dates, times and exact numbers come as text. */
  async connect(database: string): Promise<pg.Client> {
    const admin = this.#client('postgres');
    await admin.connect();
    const known = await admin.query('select 1 from pg_database where datname = $1', [database]);
    if (known.rowCount === 0) await admin.query(`create database "${database}"`);
    await admin.end();
    const client = this.#client(database);
    await client.connect();
    return client;
  }

  stop(): void {
    this.#run('pg_ctl', ['-D', this.#data, '-w', '-m', 'immediate', 'stop']);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #client(database: string): pg.Client {
    const asText = (value: string) => value;
    return new pg.Client({
      host: this.#folder,
      user: 'postgres',
      database,
      types: { getTypeParser: () => asText } as pg.CustomTypesConfig,
    });
  }

  #run(program: string, args: readonly string[]): void {
    const command = [join(this.#programs, program), ...args];
    const [file, ...rest] = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--', ...command] : command;
    execFileSync(file!, rest, { stdio: 'ignore', cwd: tmpdir() });
  }
}
