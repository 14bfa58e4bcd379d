// What dist/second-reader.js is built from: node-sql-parser, one grammar at a time, each read when it is first asked for.
const libraries = {
  athena: () => require('node-sql-parser/build/athena'),
  bigquery: () => require('node-sql-parser/build/bigquery'),
  hive: () => require('node-sql-parser/build/hive'),
  mysql: () => require('node-sql-parser/build/mysql'),
  postgresql: () => require('node-sql-parser/build/postgresql'),
  redshift: () => require('node-sql-parser/build/redshift'),
  snowflake: () => require('node-sql-parser/build/snowflake'),
  sqlite: () => require('node-sql-parser/build/sqlite'),
  transactsql: () => require('node-sql-parser/build/transactsql'),
  trino: () => require('node-sql-parser/build/trino'),
};
const parsers = new Map();

/** The tree of a text. */
exports.parse = (sql, database) => {
  if (!parsers.has(database)) parsers.set(database, new (libraries[database]().Parser)());
  return parsers.get(database).astify(sql, { database });
};
