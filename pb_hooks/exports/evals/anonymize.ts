/** The name of a person in a path to their home folder, also inside of JSON, where backslashes are doubled. */
const HOME = /(\/Users\/|\/home\/|[A-Za-z]:\\{1,2}Users\\{1,2})[^/\\\s"'`:<>|]+/g;

/** The same in the name of a folder that Claude Code makes of a project's path: `~/.claude/projects/-home-ann-app`. */
const PROJECT = /([/\\]projects[/\\]{1,2}-(?:Users|home)-)[^-/\\\s"'`:<>|]+/g;

/** A text with `user` in the place of people's names in paths. */
export function anonymize(text: string): string {
  return text.replace(HOME, "$1user").replace(PROJECT, "$1user");
}
