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
