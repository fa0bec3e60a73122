/** The first version of OpenCode that is known to take a plugin which is an object. */
const FIRST_WITH_OBJECTS = { major: 1, minor: 14 };

const OBJECT_EXPORT = /export\s*\{\s*([\w$]+) as default\s*\};?\s*$/;

/**
 * The entry in the form that this OpenCode loads. Versions before 1.14 call whatever a plugin exports: of an object 1.2
 * only notes an error, and 1.1 ends with it at every start. A function is taken by all of 1.x, and refused by 2.x.
 * @param entry text of the built file
 * @param version of OpenCode; undefined: not known
 */
export function inFormFor(entry: string, version: string | undefined): string {
  if (version === undefined || takesObjects(version)) return entry;
  return entry.replace(OBJECT_EXPORT, "export default (input) => $1.server(input);\n");
}

function takesObjects(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major !== FIRST_WITH_OBJECTS.major) return major > FIRST_WITH_OBJECTS.major;
  return minor >= FIRST_WITH_OBJECTS.minor;
}
