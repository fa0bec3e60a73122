/** Colours and weights of text; each gives the text back as it is where there are none. */
export type Style = {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly red: (text: string) => string;
};

/** How much talk is wanted on stderr. */
export type Talk = "quiet" | "normal" | "verbose";

/** The way to the person or program that runs a command: the only code that knows streams. */
export type Terminal = {
  /** Whether stdout is a terminal: colours, aligned columns and relative words only there. */
  readonly isTerminal: boolean;
  /** Whether a person can be asked. */
  readonly canAsk: boolean;
  readonly style: Style;
  /** One line of data to stdout. */
  readonly print: (line: string) => void;
  /** One line of talk to stderr; not with `--quiet`. */
  readonly say: (line: string) => void;
  /** One line to stderr with `--verbose` only. */
  readonly detail: (line: string) => void;
  /** One line to stderr, whatever was asked for. */
  readonly complain: (line: string) => void;
  /** Whether a line of talk can be drawn over: stderr is a terminal, and not one that keeps everything it gets. */
  readonly canRedraw: boolean;
  /** Draws a line on stderr over the one drawn before; "" takes it away. Anything else that is written comes above it. */
  readonly redraw: (line: string) => void;
  /**
   * Runs something that a person (Ctrl-C) or the system (SIGTERM, SIGHUP) may want to end early. The first signal only
   * says so, the second one ends the process as it would without us.
   * @param run gets a signal that fires then; its reason is a CancelledError
   */
  readonly untilInterrupted: <Result>(run: (stop: AbortSignal) => Promise<Result>) => Promise<Result>;
  /** How much is said from now on. */
  readonly setTalk: (talk: Talk) => void;
  /** @throws CancelledError when the person does not want to answer */
  readonly ask: (question: string, initial: string) => Promise<string>;
  /** As `ask`; what is typed is not shown. */
  readonly askSecret: (question: string) => Promise<string>;
  /** As `ask`, for yes or no. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** Everything on stdin, to its end. */
  readonly readInput: () => Promise<string>;
};
