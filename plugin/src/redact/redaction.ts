import type { RedactionSettings } from "../config/settings.ts";
import type { Find } from "./find.ts";
import type { KnownSecrets } from "./known-secrets.ts";
import { type Finder, findSecrets, maskText } from "./mask-text.ts";
import { createOwnPatternFinder } from "./own-patterns.ts";
import { createRedactor, type Redactor } from "./redactor.ts";
import { scan } from "./scan.ts";
import { createValueFinder, type SecretValue } from "./value-finder.ts";

/** What redaction needs to know. */
export type RedactionOptions = {
  readonly known: KnownSecrets;
  readonly settings: RedactionSettings;
  /** Our own key: it is masked even where redaction is off. */
  readonly apiKey: string | undefined;
};

/** Masks secrets in the sessions of a project: with its own values, since each project has others. */
export type Redaction = {
  /**
   * The redactor for a project.
   * @param projectPath absolute path; undefined: none is known
   */
  readonly forProject: (projectPath: string | undefined) => Promise<Redactor>;
  /** The places in a text that would be masked, in order. */
  readonly find: (text: string, projectPath: string | undefined) => Promise<readonly Find[]>;
};

/** Makes redaction as the settings want it. Reads nothing before it is asked for a project. */
export function createRedaction({ known, settings, apiKey }: RedactionOptions): Redaction {
  const own: SecretValue[] = apiKey === undefined ? [] : [{ name: "opensync-key", value: apiKey }];
  if (!settings.redaction) {
    const findOwn = createValueFinder(own);
    const redactor = createRedactor({ mask: (text) => maskText(text, [findOwn]), byName: false });
    return { forProject: async () => redactor, find: async (text) => findSecrets(text, [findOwn]) };
  }
  const findOwnPatterns = createOwnPatternFinder(settings.patterns);
  const findersFor = async (projectPath: string | undefined): Promise<Finder[]> => [
    await known.finderFor(projectPath, own),
    scan,
    findOwnPatterns,
  ];
  return {
    forProject: async (projectPath) => {
      const finders = await findersFor(projectPath);
      return createRedactor({ mask: (text) => maskText(text, finders) });
    },
    find: async (text, projectPath) => findSecrets(text, await findersFor(projectPath)),
  };
}
