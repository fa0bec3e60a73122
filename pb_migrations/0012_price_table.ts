// What models cost. Figures are whole micro-USD per million tokens, which is pico-USD per token: sums stay exact.
migrate(
  (app) => {
    const { runSql } = require(`${__hooks}/../pb_migrations/lib/run-sql.js`) as typeof import("./lib/run-sql.ts");
    runSql(
      app,
      // Rates of the shipped list ('list') and of this server's owner ('owner'). Provider '' is any, tier '*' is any.
      `CREATE TABLE price_rates (
        origin TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL,
        tier TEXT NOT NULL, validFrom INTEGER NOT NULL, above INTEGER NOT NULL,
        input INTEGER NOT NULL, output INTEGER NOT NULL,
        cacheRead INTEGER NOT NULL, cacheWrite INTEGER NOT NULL, cacheWrite1h INTEGER NOT NULL,
        shownModel TEXT NOT NULL,
        PRIMARY KEY (origin, provider, model, tier, validFrom, above)
      ) WITHOUT ROWID`,
      // Which rates the names mean that agents use, as they send them. Origin '' is none.
      `CREATE TABLE price_names (
        provider TEXT NOT NULL, model TEXT NOT NULL,
        origin TEXT NOT NULL, rateProvider TEXT NOT NULL, rateModel TEXT NOT NULL,
        PRIMARY KEY (provider, model)
      ) WITHOUT ROWID`,
      // The shipped list by which all rows are priced: one row at most.
      `CREATE TABLE price_list (
        id INTEGER PRIMARY KEY CHECK (id = 1), digest TEXT NOT NULL, date TEXT NOT NULL, sources TEXT NOT NULL
      )`,
    );
    for (const name of ["sessions", "messages"]) {
      const collection = app.findCollectionByNameOrId(name);
      // What a client has computed: it stands in where the list has no price.
      collection.fields.add(new NumberField({ name: "ownCost", hidden: true }));
      app.save(collection);
    }
    // Finds what must be priced again when a price changes. What an agent reported is not in it.
    const messages = app.findCollectionByNameOrId("messages");
    messages.addIndex("messages_priced", false, "model, provider", "costSource <> 'reported' AND costSource <> ''");
    app.save(messages);
  },
  (app) => {
    const { runSql } = require(`${__hooks}/../pb_migrations/lib/run-sql.js`) as typeof import("./lib/run-sql.ts");
    const messages = app.findCollectionByNameOrId("messages");
    messages.removeIndex("messages_priced");
    app.save(messages);
    for (const name of ["sessions", "messages"]) {
      const collection = app.findCollectionByNameOrId(name);
      collection.fields.removeByName("ownCost");
      app.save(collection);
    }
    runSql(app, "DROP TABLE price_rates", "DROP TABLE price_names", "DROP TABLE price_list");
  },
);
