import type { RolldownOptions } from "rolldown";

/** The two builds of the package: the plugin's entry, then the command line. */
declare const config: RolldownOptions[];
export default config;
