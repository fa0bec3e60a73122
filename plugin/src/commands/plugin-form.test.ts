import { expect, test } from "vitest";
import { inFormFor } from "./plugin-form.ts";

const ENTRY = "// @bun\nconst server=()=>1,x$={id:`opensync`,server};export{x$ as default};";
const AS_FUNCTION =
  "// @bun\nconst server=()=>1,x$={id:`opensync`,server};export default (input) => x$.server(input);\n";

test.each([
  ["0.5.29", AS_FUNCTION],
  ["1.1.65", AS_FUNCTION],
  ["1.2.27", AS_FUNCTION],
  ["1.14.34", ENTRY],
  ["1.18.33", ENTRY],
  ["2.0.3", ENTRY],
  [undefined, ENTRY],
])("OpenCode %s gets the plugin in the form that it loads", (version, expected) => {
  expect(inFormFor(ENTRY, version)).toBe(expected);
});
