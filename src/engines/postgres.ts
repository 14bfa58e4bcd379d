import pg from 'pg';
import type { Cell } from '../core/engine/engine.ts';
import { type FetchLimits, type RemoteRelation, type RemoteRows, type Warehouse, WarehouseError } from '../core/remote/warehouse.ts';

/** How libpq decides about encryption. */
export type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

/** Everything that a connection needs; certificates come as their text. */
export interface PostgresSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string;
  readonly database: string;
  readonly sslMode: SslMode;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly role?: string;
  readonly searchPath?: string;
  readonly connectSeconds: number;
  readonly querySeconds: number;
}

/** The types whose values are no text, by their numbers in the catalogue. */
const oids = { bool: 16, bytea: 17, int8: 20, int2: 21, int4: 23, float4: 700, float8: 701, oid: 26 } as const;

const readers: Readonly<Record<number, (text: string) => Cell>> = {
  [oids.bool]: (text) => text === 't',
  [oids.bytea]: (text) => Uint8Array.from(Buffer.from(text.slice(2), 'hex')),
  [oids.int8]: toWhole,
  [oids.int2]: Number,
  [oids.int4]: Number,
  [oids.oid]: Number,
  [oids.float4]: Number,
  [oids.float8]: Number,
};

/** A cursor moves by an integer of 32 bits. */
const mostMoved = 2 ** 31 - 1;

const asText = (value: string): string => value;

/** PostgreSQL over its own protocol. Every question is asked in a read-only transaction that is rolled back. */
export class PostgresWarehouse implements Warehouse {
  readonly adapter = 'postgres';
  readonly temporarySchema = 'pg_temp';
  readonly #client: pg.Client;
  readonly #types = new Map<string, string>();
  #fault: Error | undefined;

  private constructor(
    client: pg.Client,
    private readonly settings: PostgresSettings,
  ) {
    this.#client = client;
    // A connection that breaks between two questions is told with the next one.
    client.on('error', (error) => {
      this.#fault = error;
    });
  }

  /** Connects; throws a WarehouseError that says what is wrong. */
  static async connect(settings: PostgresSettings): Promise<PostgresWarehouse> {
    const client = await connectAs(settings);
    const warehouse = new PostgresWarehouse(client, settings);
    try {
      await client.query(
        `set datestyle to 'ISO'; set intervalstyle to 'postgres'; set bytea_output to 'hex'; set statement_timeout to ${Math.ceil(settings.querySeconds * 1000)}`,
      );
      // A server of version 14 or later ends the query of a client that is gone; earlier ones do not know the setting.
      await client.query('set client_connection_check_interval to 1000').catch(() => undefined);
      if (settings.searchPath !== undefined) await client.query(`set search_path to ${settings.searchPath}`);
      if (settings.role !== undefined) await client.query(`set role ${quote(settings.role)}`);
      return warehouse;
    } catch (error) {
      await warehouse.close();
      throw warehouse.#explain(error);
    }
  }

  async query(sql: string, limits: FetchLimits): Promise<RemoteRows> {
    const head = 'declare hw no scroll cursor for ';
    try {
      await this.#client.query('begin transaction read only');
      try {
        // Prepared, because only the simple protocol takes several statements at once.
        await this.#client.query({ text: head + sql, values: [], queryMode: 'extended' } as pg.QueryConfig);
        const fetched = await this.#client.query<string[]>({ text: `fetch forward ${limits.rows} from hw`, rowMode: 'array', types: raw });
        const full = fetched.rows.length === limits.rows;
        const beyond =
          full && limits.counted > 0
            ? ((await this.#client.query(`move forward ${limits.counted > mostMoved ? 'all' : limits.counted} in hw`)).rowCount ?? 0)
            : 0;
        const columns = await this.#columns(fetched.fields);
        const readersOf = fetched.fields.map((field) => readers[field.dataTypeID] ?? asText);
        const rows = fetched.rows.map((row) =>
          row.map((value: string | null, i) => (value === null ? null : (readersOf[i] ?? asText)(value))),
        );
        return { columns, rows, rowCount: rows.length + beyond, isAtLeast: full && (limits.counted === 0 || beyond === limits.counted) };
      } finally {
        await this.#client.query('rollback').catch(() => undefined);
      }
    } catch (error) {
      throw this.#explain(error, head.length, sql);
    }
  }

  async relations(schemas: readonly string[]): Promise<readonly RemoteRelation[]> {
    const { rows } = await this.query(
      `select n.nspname, c.relname, c.relkind in ('v', 'm'), a.attname, format_type(a.atttypid, a.atttypmod)
       from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where c.relkind in ('r', 'p', 'v', 'm', 'f') and lower(n.nspname) in (${schemas.map((schema) => literal(schema.toLowerCase())).join(', ')})
       order by 1, 2, a.attnum`,
      { rows: 1_000_000, counted: 0 },
    );
    const found = new Map<string, { schema: string; name: string; kind: 'table' | 'view'; columns: { name: string; type: string }[] }>();
    for (const [schema, name, isView, column, type] of rows) {
      const key = `${String(schema)}.${String(name)}`;
      const known = found.get(key) ?? { schema: String(schema), name: String(name), kind: isView === true ? 'view' : 'table', columns: [] };
      found.set(key, known);
      if (column !== null && column !== undefined) known.columns.push({ name: String(column), type: String(type) });
    }
    return [...found.values()];
  }

  async write(statements: readonly string[]): Promise<number> {
    let rows = 0;
    let sql = '';
    try {
      await this.#client.query('begin');
      for (sql of statements) {
        const done = await this.#client.query(sql);
        rows = (Array.isArray(done) ? done.at(-1)?.rowCount : done.rowCount) ?? 0;
      }
      await this.#client.query('commit');
      return rows;
    } catch (error) {
      await this.#client.query('rollback').catch(() => undefined);
      throw this.#explain(error, 0, sql);
    }
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }

  /** Types as `format_type` spells them, each asked for once. */
  async #columns(fields: readonly pg.FieldDef[]): Promise<RemoteRows['columns']> {
    const keyOf = (field: pg.FieldDef): string => `${field.dataTypeID},${field.dataTypeModifier}`;
    const unknown = [...new Set(fields.map(keyOf))].filter((key) => !this.#types.has(key));
    if (unknown.length > 0) {
      const { rows } = await this.#client.query<string[]>({
        text: `select ${unknown.map((key) => `format_type(${key})`).join(', ')}`,
        rowMode: 'array',
        types: raw,
      });
      for (const [i, key] of unknown.entries()) this.#types.set(key, rows[0]?.[i] ?? '');
    }
    return fields.map((field) => ({ name: field.name, type: this.#types.get(keyOf(field)) ?? '' }));
  }

  #explain(error: unknown, shift = 0, sql = ''): WarehouseError {
    const fault = this.#fault ?? error;
    if (fault instanceof WarehouseError) return fault;
    const { code, position, message } = fault as { readonly code?: string; readonly position?: string; readonly message?: string };
    if (code === '57014')
      return new WarehouseError(
        `The query takes longer than ${this.settings.querySeconds} s and was cancelled on the server; --timeout SECONDS allows more`,
      );
    if (code === '25006') return new WarehouseError('The query would write, and it ran in a read-only transaction, so nothing was changed');
    if (code === '57P01' || code === '57P03' || /terminated|ECONNRESET|EPIPE|not queryable/.test(`${code ?? ''} ${message ?? ''}`))
      return new WarehouseError('The connection was lost while the query ran: the server ended it or cannot be reached any more');
    return new WarehouseError(
      String(message ?? fault),
      position === undefined ? undefined : toUnits(sql, Number(position) - 1 - shift),
      sql,
    );
  }
}

const raw = { getTypeParser: () => asText } as unknown as pg.CustomTypesConfig;

/** Tries the encryption that the mode asks for, and the other one where it leaves the choice. */
async function connectAs(settings: PostgresSettings): Promise<pg.Client> {
  const { sslMode } = settings;
  const ways = sslMode === 'disable' ? [false] : sslMode === 'allow' ? [false, true] : sslMode === 'prefer' ? [true, false] : [true];
  let last: unknown;
  for (const encrypted of settings.host.startsWith('/') ? [false] : ways) {
    const client = new pg.Client({
      host: settings.host,
      port: settings.port,
      user: settings.user,
      database: settings.database,
      ...(settings.password === undefined ? {} : { password: settings.password }),
      connectionTimeoutMillis: settings.connectSeconds * 1000,
      application_name: 'headwater',
      ssl: encrypted ? sslOf(settings) : false,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      last = error;
      await client.end().catch(() => undefined);
      if (!isAboutEncryption(error)) break;
    }
  }
  throw new WarehouseError(explainConnection(last, settings));
}

function sslOf({ sslMode, ca, cert, key }: PostgresSettings): pg.ClientConfig['ssl'] {
  return {
    rejectUnauthorized: sslMode === 'verify-ca' || sslMode === 'verify-full' || (sslMode === 'require' && ca !== undefined),
    // Only verify-full compares the name in the certificate.
    ...(sslMode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

function isAboutEncryption(error: unknown): boolean {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  return /does not support SSL/i.test(message ?? '') || (code === '28000' && /encryption|SSL/i.test(message ?? ''));
}

function explainConnection(error: unknown, { host, port, user, database, connectSeconds, sslMode }: PostgresSettings): string {
  const { code = '', message = String(error) } = error as { readonly code?: string; readonly message?: string };
  const server = host.startsWith('/') ? `the socket in ${host}` : `${host}:${port}`;
  if (code === 'ECONNREFUSED' || code === 'ENOENT') return `Nothing listens on ${server}: is the server running there?`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `The host '${host}' is not known: check 'host', or the network.`;
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return `${server} cannot be reached from this network.`;
  if (code === '28P01') return `The server refuses the password of the user '${user}'.`;
  if (/password must be a string|no password/i.test(message))
    return `The server asks for a password of the user '${user}', and the output has none.`;
  if (code === '28000') return `The server does not let the user '${user}' in: ${message}.`;
  if (code === '3D000') return `There is no database '${database}' on ${server}.`;
  if (code === '53300') return `${server} has no connection left: ${message}.`;
  if (/timeout|ETIMEDOUT/i.test(`${code} ${message}`)) return `${server} does not answer within ${connectSeconds} s.`;
  if (/does not support SSL/i.test(message)) return `${server} does not speak TLS, which 'sslmode: ${sslMode}' asks for.`;
  if (/certificate|self.signed|altnames|CERT_/i.test(`${code} ${message}`))
    return `The certificate of ${server} is not accepted under 'sslmode: ${sslMode}': ${message}.`;
  return `${server} cannot be connected to: ${message}.`;
}

/** Integers beyond 2^53 stay exact. */
function toWhole(text: string): Cell {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** PostgreSQL counts characters, we count UTF-16 units. */
function toUnits(sql: string, characters: number): number | undefined {
  if (characters < 0) return undefined;
  return [...sql.slice(0, characters * 2)].slice(0, characters).join('').length;
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
