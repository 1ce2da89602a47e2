const assert = require("assert");
const { seven } = require("./two");
const twice = (n) => n * 2, wrong = (n) => n + 2, reverse = (s) => [...s].reverse().join("");
const evens = (all) => all.filter((n) => n % 2 === 0);
const deep = (n) => (n === 0 ? 0 : 1 + deep(n - 1));
const programs = {
  hello: () => console.log("hello"),
  stdin: () => process.stdout.write(require("fs").readFileSync(0)),
  assert: () => assert.deepEqual(wrong(5), 10),
  error: () => { throw new RangeError("boom"); },
  exit: () => process.exit(3),
  loop: () => { for (;;); },
  memory: () => { for (const kept = []; ;) kept.push(Buffer.alloc(1 << 20, 1)); },
  deep: () => console.log(deep(100000)),
  output: () => process.stdout.write("x".repeat(1000000)),
  unicode: () => console.log("größe 日本語 🙂"),
  two: () => console.log(seven(6)),
  pass1: () => { assert.deepEqual(twice(2), 4); assert.deepEqual(twice(5), 10); },
  pass2: () => assert.deepEqual(reverse("abc"), "cba"),
  pass3: () => assert.deepEqual(evens([1, 2, 3, 4]), [2, 4]),
  pass4: () => { assert.deepEqual(twice(0), 0); console.log("done"); },
  fail1: () => { assert.deepEqual(wrong(2), 4); assert.deepEqual(wrong(5), 10); },
  fail2: () => { console.log("before"); assert.deepEqual(reverse("ab"), "ab"); },
  fail3: () => assert.deepEqual(evens([1, 3]), [1]),
  error1: () => undefined.nothing,
  error2: () => Promise.reject(new TypeError("too far")),
  error3: () => { console.error("leaving"); process.exit(7); },
};
programs[process.argv[2]]();
