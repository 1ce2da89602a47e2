<?php
require __DIR__ . "/two.php";
function twice($n) { return $n * 2; }
function wrong($n) { return $n + 2; }
function evens(array $all) { return array_values(array_filter($all, fn($n) => $n % 2 === 0)); }
function deep($n) { return $n === 0 ? 0 : 1 + deep($n - 1); }
match ($argv[1]) {
    "hello" => print("hello\n"),
    "stdin" => print(stream_get_contents(STDIN)),
    "assert" => assert(wrong(5) === 10),
    "error" => throw new DomainException("boom"),
    "exit" => exit(3),
    "loop" => (function () { while (true) { } })(),
    "memory" => (function () { for ($kept = []; ; ) { $kept[] = str_repeat("x", 1 << 20); } })(),
    "deep" => print(deep(100000) . "\n"),
    "output" => print(str_repeat("x", 1000000)),
    "unicode" => print("größe 日本語 🙂\n"),
    "two" => print(seven(6) . "\n"),
    "pass1" => assert(twice(2) === 4) && assert(twice(5) === 10),
    "pass2" => assert(strrev("abc") === "cba"),
    "pass3" => assert(evens([1, 2, 3, 4]) === [2, 4]),
    "pass4" => assert(twice(0) === 0) && print("done\n"),
    "fail1" => assert(wrong(2) === 4) && assert(wrong(5) === 10),
    "fail2" => print("before\n") && assert(strrev("ab") === "ab"),
    "fail3" => assert(evens([1, 3]) === [1]),
    "error1" => no_such_function(),
    "error2" => intdiv(1, 0),
    "error3" => fwrite(STDERR, "leaving\n") && exit(7),
};
