import { createContext, useContext } from "react";

const ProjectPathContext = createContext("");

/** Gives the views of a session the folder that it worked in. */
export const ProjectPathProvider = ProjectPathContext.Provider;

/** The folder that the session worked in; "" when nobody said. */
export function useProjectPath(): string {
  return useContext(ProjectPathContext);
}

/** A line in which paths inside of the project are relative to it, as a person in that folder would write them. */
export function relativeToProject(line: string, projectPath: string): string {
  const folder = projectPath.replace(/\/+$/, "");
  return folder === "" ? line : line.replaceAll(`${folder}/`, "");
}
