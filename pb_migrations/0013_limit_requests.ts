// PocketBase's own rate limits, for its own routes that send mail or take codes: they would serve to flood somebody's
// mailbox, or to guess. Wrong passwords and keys are counted by the hooks, which tell right ones apart. An administrator
// may change the rules.
migrate(
  (app) => {
    const mails = ["requestPasswordReset", "requestVerification", "requestEmailChange", "requestOTP"];
    const guesses = ["authWithOTP", "confirmPasswordReset", "confirmVerification", "confirmEmailChange"];
    const rule = (label: string, maxRequests: number) => ({ label, audience: "", duration: 300, maxRequests });
    const rules = [
      ...mails.map((name) => rule(`*:${name}`, 5)),
      ...guesses.map((name) => rule(`*:${name}`, 20)),
      // A new password needs the old one.
      rule("users:update", 100),
    ];
    const settings = app.settings();
    unmarshal({ rateLimits: { enabled: true, rules } }, settings);
    app.save(settings);
  },
  (app) => {
    const settings = app.settings();
    unmarshal({ rateLimits: { enabled: false, rules: [] } }, settings);
    app.save(settings);
  },
);
