import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { createDatabase } from "./launch.ts";

/**
 * Migrates one data folder that every test server starts from a copy of: a server with a database of its own then costs
 * a test file about 60 ms.
 */
export default function setup(project: TestProject): () => void {
  const template = mkdtempSync(join(tmpdir(), "opensync-template-"));
  const remove = () => rmSync(template, { recursive: true, force: true });
  try {
    createDatabase(template);
  } catch (error) {
    // A failed setup gets no teardown call.
    remove();
    throw error;
  }
  project.provide("template", template);
  return remove;
}

declare module "vitest" {
  export interface ProvidedContext {
    /** Folder of a migrated database without users; copy it, never write to it. */
    template: string;
  }
}
