// PocketBase brings the collection `users` with open sign-up. Accounts are made by the setup link or by the owner.
migrate(
  (app) => {
    const { ownAccount, ownAccountButRole } = require(
      `${__hooks}/../pb_migrations/lib/rules.js`,
    ) as typeof import("./lib/rules.ts");
    const users = app.findCollectionByNameOrId("users");
    users.fields.removeByName("avatar");
    users.fields.add(new SelectField({ name: "role", values: ["owner", "member"], maxSelect: 1, required: true }));
    users.listRule = ownAccount;
    users.viewRule = ownAccount;
    users.updateRule = ownAccountButRole;
    // null = nobody. The declarations know rules as text only, hence not by assignment.
    unmarshal({ createRule: null, deleteRule: null }, users);
    // As long as the first account's (pb_hooks/lib/accounts.ts), whoever changes it later.
    (users.fields.getByName("password") as PasswordField).min = 10;
    // Without a mail server, a sign-in from a new place would wait 15 seconds for one.
    users.authAlert.enabled = false;
    app.save(users);
  },
  (app) => {
    const users = app.findCollectionByNameOrId("users");
    users.fields.removeByName("role");
    users.fields.add(new FileField({ name: "avatar", maxSelect: 1 }));
    (users.fields.getByName("password") as PasswordField).min = 8;
    users.listRule = "id = @request.auth.id";
    users.viewRule = "id = @request.auth.id";
    users.createRule = "";
    users.updateRule = "id = @request.auth.id";
    users.deleteRule = "id = @request.auth.id";
    users.authAlert.enabled = true;
    app.save(users);
  },
);
