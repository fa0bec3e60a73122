/** A setup step that failed: the message says what happened to what, the hint what a person can do about it. */
export class SetupError extends Error {
  /**
   * @param {string} message what failed, on what
   * @param {string} hint a command, a setting or a place
   * @param {ErrorOptions} [options] the cause, where there is one
   */
  constructor(message, hint, options) {
    super(message, options);
    this.name = "SetupError";
    this.hint = hint;
  }
}

/**
 * Makes a setup step that failed end the process with its message and hint, which a person can act on, instead of a
 * stack of our own scripts, which they cannot. Every other error ends it as always.
 */
export function explainSetupErrors() {
  process.on("uncaughtException", (error) => {
    if (error instanceof SetupError) console.error(`\n${error.message}\n${error.hint}`);
    else console.error(error);
    process.exit(1);
  });
}
