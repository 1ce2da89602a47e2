// Calls one function of a task and writes its value to .executor/result.json.
//
// Started in the task's working directory as the script of an ordinary Node (16 or later).
// .executor/call.json says what to call: {"source": FILE or "module": NAME, "function": NAME, "params": {...}}.
// The function gets the params object as its one argument. The result file holds {"result": VALUE} or
// {"error": {"type", "message", "traceback"}}; it appears whole or not at all.
"use strict";
const fs = require("fs");
const Module = require("module");
const path = require("path");
const { pathToFileURL } = require("url");
const util = require("util");
const vm = require("vm");

const LARGEST_RESULT = 16 * 1024 * 1024;
const LONGEST_TEXT = 256 * 1024;
const LOCAL = Symbol("callable");
const home = process.cwd();
const folder = path.join(home, ".executor");
const call = JSON.parse(fs.readFileSync(path.join(folder, "call.json"), "utf8"));
const where = call.source ?? call.module;

class Unfit extends Error {}

function write(text) {
  const file = path.join(folder, "result.json");
  fs.writeFileSync(file + ".part", text);
  fs.renameSync(file + ".part", file);
}

async function main() {
  const target = locate();
  process.argv[1] = target;
  const exported = await load(target);
  const value = await find(exported, target)(call.params);
  write(encode(await collect(value)));
}

function locate() {
  if (call.source !== undefined) return fs.realpathSync(path.join(home, call.source));
  try {
    return require.resolve(path.join(home, call.module));
  } catch {
    try {
      return require.resolve(call.module, { paths: [home] });
    } catch {
      const there = fs.readdirSync(home).filter((name) => !name.startsWith("."));
      const has = there.length > 0 ? `it has: ${there.slice(0, 20).join(", ")}` : "it is empty";
      throw plain(new Error(`Cannot find module '${call.module}' (looked in the working directory; ${has})`));
    }
  }
}

async function load(target) {
  if (target.endsWith(".mjs")) return import(pathToFileURL(target).href);
  exposeTopLevel(target);
  try {
    return require(target);
  } catch (error) {
    if (error?.code !== "ERR_REQUIRE_ESM" && error?.code !== "ERR_REQUIRE_ASYNC_MODULE") throw error;
    return import(pathToFileURL(target).href);
  }
}

// A plain script exports nothing; its top-level function is handed out by a line after its last one, so no line number moves.
function exposeTopLevel(target) {
  if (!/^[A-Za-z_$][\w$]*$/.test(call.function)) return;
  const compile = Module.prototype._compile;
  const key = "Symbol.for('executor.callable')";
  const epilogue = `\n;if (typeof module === "object" && typeof ${call.function} === "function") module[${key}] = ${call.function};`;
  Module.prototype._compile = function (content, filename, ...rest) {
    if (filename !== target) return compile.call(this, content, filename, ...rest);
    Module.prototype._compile = compile;
    try {
      return compile.call(this, compiles(content + epilogue, filename) ? content + epilogue : content, filename, ...rest);
    } finally {
      this[LOCAL] = this[Symbol.for("executor.callable")];
    }
  };
}

// A syntax error must be told of the script as it is, and an ES module must stay one.
function compiles(content, filename) {
  try {
    new vm.Script(Module.wrap(content.replace(/^#!.*/, "")), { filename });
    return true;
  } catch {
    return false;
  }
}

function find(exported, target) {
  const names = call.function.split(".");
  for (const root of [exported, exported?.default]) {
    let owner;
    let value = root;
    for (const name of names) {
      owner = value;
      value = value === null || value === undefined ? undefined : value[name];
    }
    if (typeof value === "function") return (params) => value.call(owner, params);
    if (typeof root === "function" && root.name === call.function) return root;
  }
  const local = require.cache[target]?.[LOCAL];
  if (typeof local === "function") return local;
  const known = new Set(Object.keys(exported ?? {}).filter((name) => typeof exported[name] === "function"));
  for (const match of fs.readFileSync(target, "utf8").matchAll(/^(?:export\s+)?(?:async\s+)?function\s*\*?\s*([\w$]+)/gm)) known.add(match[1]);
  const has = known.size > 0 ? `its functions are: ${[...known].sort().join(", ")}` : "it has none at top level and exports none";
  throw plain(new ReferenceError(`${where} has no function '${call.function}'; ${has}`));
}

// A generator's value is the list of what it yields.
async function collect(value) {
  if (typeof value?.next !== "function") return value;
  if (typeof value[Symbol.iterator] === "function") return [...value];
  if (typeof value[Symbol.asyncIterator] !== "function") return value;
  const items = [];
  for await (const item of value) items.push(item);
  return items;
}

function encode(value) {
  const paths = new Map();
  const refuse = (at, what) => {
    throw new Unfit(`${call.function}() must return JSON: ${at} is ${what}`);
  };
  // JSON.stringify would turn these silently into null, {} or nothing.
  const check = function (key, item) {
    const at = key === "" && !paths.has(this) ? "result" : `${paths.get(this)}[${JSON.stringify(Array.isArray(this) ? Number(key) : key)}]`;
    if (typeof item === "number" && !Number.isFinite(item)) refuse(at, `${item}, which JSON has no number for`);
    if (typeof item === "bigint" || typeof item === "symbol" || typeof item === "function") refuse(at, `a ${typeof item}`);
    if (item instanceof Map || item instanceof Set) refuse(at, `a ${item.constructor.name}`);
    if (typeof item === "object" && item !== null) paths.set(item, at);
    return item;
  };
  let text;
  try {
    text = JSON.stringify(value === undefined ? null : value, check);
  } catch (error) {
    if (error instanceof Unfit) throw error;
    throw new Unfit(`${call.function}() must return JSON: ${String(error?.message ?? error).split("\n")[0]}`);
  }
  const result = `{"result":${text}}`;
  const size = Buffer.byteLength(result);
  if (size > LARGEST_RESULT) {
    const most = LARGEST_RESULT / 1048576;
    throw new Unfit(`${call.function}() returned ${(size / 1048576).toFixed(1)} MiB of JSON; the most is ${most} MiB (write a file and ask for it as an artifact)`);
  }
  return result;
}

function plain(error) {
  error.stack = `${error.name}: ${error.message}`;
  return error;
}

function fail(error) {
  const { outcome, shown } = describe(error);
  write(JSON.stringify({ error: outcome }));
  process.stderr.write(shown);
  process.exit(1);
}

function describe(error) {
  if (error instanceof Unfit) return { outcome: { type: "result_error", message: error.message }, shown: `executor: ${error.message}\n` };
  const node = `\n\nNode.js ${process.version}\n`;
  if (!util.types.isNativeError(error)) {
    const message = util.inspect(error);
    return { outcome: { type: "Uncaught", message: cut(message) }, shown: `Uncaught ${message}${node}` };
  }
  const frame = (line) => /^\s+at /.test(line);
  const lines = String(error.stack).split("\n");
  const own = lines.findIndex((line) => frame(line) && line.includes(__filename));
  const kept = own < 0 ? lines : lines.slice(0, own);
  const stack = kept.join("\n");
  error.stack = stack;
  const shown = kept.some(frame) ? util.inspect(error).split("\n").filter((line) => !(frame(line) && line.includes(__filename))) : [stack];
  return {
    outcome: { type: String(error.name), message: cut(String(error.message)), traceback: cut(stack) },
    shown: shown.join("\n") + node,
  };
}

function cut(text) {
  return text.slice(0, LONGEST_TEXT);
}

let settled = false;
process.once("beforeExit", () => {
  if (!settled) fail(new Unfit(`${call.function}() returned a promise that can never settle: nothing is left to wait for`));
});
main().then(
  () => {
    settled = true;
  },
  fail,
);
