#!/usr/bin/env node
process.stdout.write("wip\n");
