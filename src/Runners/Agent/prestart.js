// Started ahead of need: waits for what to run on file descriptor 3, then becomes it. Used once.
'use strict';
const fs = require('fs');
const spec = JSON.parse(fs.readFileSync(3, 'utf8') || 'null');
fs.closeSync(3);
if (spec === null) process.exit(0); // discarded unused
for (const name of Object.keys(process.env)) delete process.env[name];
Object.assign(process.env, spec.env);
if (spec.cwd) process.chdir(spec.cwd); // from the working directory, where it was started
if (!spec.input) {
  fs.closeSync(0);
  fs.openSync('/dev/null', 'r'); // the lowest free descriptor: 0
}
process.argv.length = 1;
const first = 1 + process.execArgv.length; // it was started with the options that the script's command has
process.argv.push(require('path').resolve(spec.argv[first]), ...spec.argv.slice(first + 1));
delete require.cache[__filename];
process.mainModule = undefined;
// From a fresh stack, so that traces don't show this file.
process.nextTick(() => require('module').runMain(process.argv[1]));
