// What search needs beside the words of messages: titles; when the messages of a block of rows were written, so that the
// newest matches are found without looking at all; and the names in code that a word is a part of.
migrate(
  (app) => {
    const { CREATE_SEARCH_AIDS } = require(
      `${__hooks}/../pb_migrations/lib/search-aids.js`,
    ) as typeof import("./lib/search-aids.ts");
    const { runSql } = require(`${__hooks}/../pb_migrations/lib/run-sql.js`) as typeof import("./lib/run-sql.ts");
    runSql(app, ...CREATE_SEARCH_AIDS);
  },
  (app) => {
    const { DROP_SEARCH_AIDS } = require(
      `${__hooks}/../pb_migrations/lib/search-aids.js`,
    ) as typeof import("./lib/search-aids.ts");
    const { runSql } = require(`${__hooks}/../pb_migrations/lib/run-sql.js`) as typeof import("./lib/run-sql.ts");
    runSql(app, ...DROP_SEARCH_AIDS);
  },
);
