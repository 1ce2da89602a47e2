using System.Text;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Plans;

public sealed class ProgramErrorParserTests
{
    [Theory]
    [InlineData("Traceback (most recent call last):\n  File \"main.py\", line 1, in <module>\n    f()\n    ~^^\nValueError: no\n", "ValueError", "no")]
    [InlineData("noise\nTraceback (most recent call last):\n  File \"main.py\", line 1, in <module>\nKeyError\n", "KeyError", "KeyError")]
    [InlineData("Traceback (most recent call last):\n  File \"a.py\", line 1\npkg.mod.MyError: one\ntwo\n\nthree\n", "pkg.mod.MyError", "one\ntwo\n\nthree")]
    [InlineData("Traceback (most recent call last):\n  File \"a.py\", line 3, in f\n    f()\n  [Previous line repeated 996 more times]\nRecursionError: deep\n", "RecursionError", "deep")]
    [InlineData("Traceback (most recent call last):\r\n  File \"a.py\", line 1\r\nOSError: [Errno 2] x: 'y'\r\n", "OSError", "[Errno 2] x: 'y'")]
    [InlineData("  File \"main.py\", line 1\n    print(\n         ^\nSyntaxError: '(' was never closed\n", "SyntaxError", "'(' was never closed")]
    [InlineData("  File \"main.py\", line 2\n    x\nIndentationError: unexpected indent\n", "IndentationError", "unexpected indent")]
    [InlineData("Traceback (most recent call last):\n  File \"main.py\", line 1, in <module>\n    import other\n  File \"/w/other.py\", line 1\n    (\n    ^\nSyntaxError: bad\n", "SyntaxError", "bad")]
    [InlineData("Traceback (most recent call last):\n  File \"a.py\", line 1\nmain.f.<locals>.Own: x\n", "main.f.<locals>.Own", "x")]
    [InlineData("Traceback (most recent call last):\n  File \"a.py\", line 1\nValueError: real\nException ignored in: <function f>\nTraceback (most recent call last):\n  File \"a.py\", line 2\nTypeError: late\n", "ValueError", "real")]
    public void Python_exception_keeps_its_printed_type(string stderr, string type, string message) =>
        AssertError("python", 1, stderr, type, message);

    [Fact]
    public void Python_chain_gives_the_last_exception_and_the_whole_traceback()
    {
        const string Stderr = """
            log line
            Traceback (most recent call last):
              File "a.py", line 1, in <module>
            KeyError: 'x'

            The above exception was the direct cause of the following exception:

            Traceback (most recent call last):
              File "a.py", line 3, in <module>
            ValueError: one

            During handling of the above exception, another exception occurred:

            Traceback (most recent call last):
              File "a.py", line 5, in <module>
            RuntimeError: last
            """;
        TaskError error = Parse("python", 1, null, Stderr);

        Assert.Equal(("RuntimeError", "last"), (error.Type, error.Message));
        Assert.Equal(Stderr["log line\n".Length..], error.Traceback);
    }

    [Fact]
    public void Python_group_gives_the_groups_type_and_every_member_in_the_traceback()
    {
        const string Stderr = """
              + Exception Group Traceback (most recent call last):
              |   File "eg.py", line 2, in <module>
              |     raise ExceptionGroup("eg", [ValueError(1)])
              | ExceptionGroup: eg (1 sub-exception)
              +-+---------------- 1 ----------------
                | Traceback (most recent call last):
                |   File "eg.py", line 1, in f
                | ValueError: 1
                +------------------------------------
            """;
        TaskError error = Parse("python", 1, null, Stderr);

        Assert.Equal(("ExceptionGroup", "eg (1 sub-exception)"), (error.Type, error.Message));
        Assert.Contains("ValueError: 1", error.Traceback, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, null, TaskErrorTypes.ExitCode)]
    [InlineData(139, 11, TaskErrorTypes.Signal)]
    public void Python_traceback_that_was_only_logged_is_not_the_error(int exitCode, int? signal, string type) =>
        Assert.Equal(type, Parse("python", exitCode, signal, "Traceback (most recent call last):\n  File \"a.py\", line 1\nValueError: no\n").Type);

    [Fact]
    public void Python_interrupt_is_told_though_it_ends_by_a_signal() =>
        Assert.Equal("KeyboardInterrupt", Parse("python", 130, 2, "Traceback (most recent call last):\n  File \"a.py\", line 1\nKeyboardInterrupt\n").Type);

    [Theory]
    [InlineData("/w/a.js:2\nthrow new MyErr('x');\n^\n\nMyErr: boom\ntwo\n    at Object.<anonymous> (/w/a.js:2:7) {\n  code: 5\n}\n\nNode.js v20.1.0\n", "MyErr", "boom\ntwo")]
    [InlineData("node:internal/x:90\n  throw err;\n  ^\n\nAssertionError [ERR_ASSERTION]: Expected:\n\n1 !== 2\n\n    at a.js:1\n\nNode.js v20.1.0\n", "AssertionError", "Expected:\n\n1 !== 2")]
    [InlineData("file:///w/h.mjs:1\nimport {zz} from \"fs\"\n        ^^\nSyntaxError: no export named 'zz'\n    at x\n\nNode.js v20.1.0\n", "SyntaxError", "no export named 'zz'")]
    [InlineData("/w/f.js:2\n\n\n\nSyntaxError: Unexpected end of input\n    at wrapSafe (node:x)\n\nNode.js v20.1.0\n", "SyntaxError", "Unexpected end of input")]
    [InlineData("\n/w/b.js:1\nthrow 5\n^\n5\n(Use `node --trace-uncaught ...` to show where the exception was thrown)\n\nNode.js v20.1.0\n", "Uncaught", "5")]
    [InlineData("\n/w/b.js:1\nthrow 'Oops: x'\n^\nOops: x\n(Use `node --trace-uncaught ...` to show)\n\nNode.js v20.1.0\n", "Uncaught", "Oops: x")]
    [InlineData("console noise\n/w/a.js:1\nx\n^\n\nReferenceError: x is not defined\n    at a.js:1\n\nNode.js v22.0.0", "ReferenceError", "x is not defined")]
    public void Node_uncaught_error_is_read(string stderr, string type, string message) => AssertError("node", 1, stderr, type, message);

    [Fact]
    public void Node_error_that_was_only_logged_is_not_the_error() =>
        Assert.Equal(TaskErrorTypes.ExitCode, Parse("node", 1, null, "Error: logged\n    at a.js:1\n").Type);

    [Theory]
    [InlineData("node", "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n", 134, 6)]
    [InlineData("csharp", "Out of memory.\n", 134, 6)]
    [InlineData("go", "fatal error: runtime: out of memory\n\nruntime stack:\n", 2, null)]
    [InlineData("rust", "memory allocation of 1099511627776 bytes failed\n", 134, 6)]
    [InlineData("php", "Fatal error: Allowed memory size of 20971520 bytes exhausted (tried to allocate 2097152 bytes) in d.php on line 1\n", 255, null)]
    public void Memory_that_the_runtime_itself_could_not_get_is_out_of_memory(string runtime, string stderr, int exitCode, int? signal) =>
        Assert.Equal(TaskErrorTypes.OutOfMemory, Parse(runtime, exitCode, signal, stderr).Type);

    [Theory]
    [InlineData("/usr/bin/ld: /usr/lib/crt1.o: in function `_start':\n(.text+0x17): undefined reference to `main'\ncollect2: error: ld returned 1 exit status\n", "undefined reference to `main'")]
    [InlineData("/usr/bin/ld: /tmp/cc1.o: in function `main':\nb.c:(.text.startup+0x6): undefined reference to `times_seven'\ncollect2: error: ld returned 1 exit status\n", "undefined reference to `times_seven'")]
    [InlineData("/usr/bin/ld: /tmp/cc1.o:(.data.rel.ro._ZTI1B[_ZTI1B]+0x10): undefined reference to `typeinfo for A'\ncollect2: error: ld returned 1 exit status\n", "undefined reference to `typeinfo for A'")]
    [InlineData("/usr/bin/ld: /tmp/b.o:(.bss+0x0): multiple definition of `x'; /tmp/a.o:(.bss+0x0): first defined here\ncollect2: error: ld returned 1 exit status\n", "multiple definition of `x'; /tmp/a.o:(.bss+0x0): first defined here")]
    [InlineData("/usr/bin/ld: cannot find -lnope: No such file or directory\ncollect2: error: ld returned 1 exit status\n", "cannot find -lnope: No such file or directory")]
    [InlineData("ld: error: undefined symbol: f\n>>> referenced by a.c\nclang: error: linker command failed with exit code 1\n", "undefined symbol: f")]
    [InlineData("error: linking with `cc` failed: exit status: 1\n  |\n  = note: rust-lld: error: undefined symbol: nope\n\nerror: aborting due to 1 previous error\n", "undefined symbol: nope")]
    [InlineData("a.c: In function 'error_f':\na.c:1:2: warning: no error here\na.c:2:3: error: 'x' undeclared\n", "a.c:2:3: error: 'x' undeclared")]
    [InlineData("a.c:1:10: fatal error: nope.h: No such file or directory\ncompilation terminated.\n", "a.c:1:10: fatal error: nope.h: No such file or directory")]
    [InlineData("Main.java:2: error: cannot find symbol\n int x = missing;\n         ^\n  symbol:   variable missing\n  location: class Main\nMain.java:3: error: x\n1 error\n", "Main.java:2: error: cannot find symbol: variable missing")]
    [InlineData("warning: unused\n --> main.rs:1:1\n\nerror[E0308]: mismatched types\n --> main.rs:1:25\n  |\nerror: aborting due to 1 previous error\n", "main.rs:1:25: error[E0308]: mismatched types")]
    [InlineData("# command-line-arguments\n./m.go:3:1: undefined: missing\n", "./m.go:3:1: undefined: missing")]
    [InlineData("/work/b.cs(2,9): warning CS8602: no error\n/work/b.cs(3,1): error CS0103: The name 'x' does not exist [/work/b.csproj]\nBuild FAILED.\n", "/work/b.cs(3,1): error CS0103: The name 'x' does not exist [/work/b.csproj]")]
    [InlineData("CSC : error CS5001: Program does not contain a static 'Main' method\n", "CSC : error CS5001: Program does not contain a static 'Main' method")]
    public void Compile_errors_message_names_the_thing_itself(string stderr, string message) =>
        Assert.Equal(message, ProgramErrorParser.ParseCompile(1, null, "", stderr).Message);

    [Fact]
    public void Rust_stack_overflow_is_told_as_such()
    {
        TaskError error = Parse("rust", 134, 6, "\nthread 'main' (1) has overflowed its stack\nfatal runtime error: stack overflow, aborting\n");

        Assert.Equal(("stack_overflow", "thread 'main' (1) has overflowed its stack"), (error.Type, error.Message));
    }

    [Theory]
    [InlineData("Process terminated.\nAssertion failed.\ntwice is wrong\nin detail\n   at Program.Main() in /work/a.cs:line 3\n", "assertion", "twice is wrong\nin detail")]
    [InlineData("Process terminated.\nAssertion failed.\n   at Program.Main()\n", "assertion", "Assertion failed.")]
    [InlineData("Process terminated. Assertion failed.\nwrong\n   at Program.Main()\n", "assertion", "wrong")]
    [InlineData("Process terminated.\nAssertion Failed\nnope\n   at Program.Main()\n\n", "assertion", "nope")]
    [InlineData("Process terminated.\ngone\n   at System.Environment.FailFast(System.String)\n", "FailFast", "gone")]
    [InlineData("Process terminated.\n", "FailFast", "Process terminated.")]
    public void CSharp_assertion_or_failfast_is_read(string stderr, string type, string message)
    {
        TaskError error = Parse("csharp", 134, 6, stderr);

        Assert.Equal((type, message), (error.Type, error.Message));
        Assert.StartsWith("Process terminated.", error.Traceback, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ruby", 1, "a.rb:3:in `rescue in <main>': outer (ArgumentError)\n\tfrom a.rb:3:in `<main>'\na.rb:2:in `f': one (E)\ntwo\n\tfrom a.rb:3:in `<main>'\n", "ArgumentError", "outer")]
    [InlineData("ruby", 1, "g.rb:1:in `<main>': a (Mod::MyError)\nb\n", "Mod::MyError", "a\nb")]
    [InlineData("ruby", 1, "m.rb:1:in 'Object#f': boom (RuntimeError)\n\tfrom m.rb:3:in '<main>'\n", "RuntimeError", "boom")]
    [InlineData("ruby", 1, "b.rb:1:in `<main>': undefined local variable or method `foo' for main:Object (NameError)\n\nfoo\n^^^\n", "NameError", "undefined local variable or method `foo' for main:Object")]
    [InlineData("ruby", 1, "e.rb:1:in `<main>': unhandled exception\n", "RuntimeError", "e.rb:1:in `<main>': unhandled exception")]
    [InlineData("ruby", 1, "c.rb:1: syntax error, unexpected end-of-input\ndef x(\n      ^\n", "SyntaxError", "c.rb:1: syntax error, unexpected end-of-input\ndef x(\n      ^")]
    [InlineData("ruby", 1, "dead\n", TaskErrorTypes.ExitCode, "the program ended with exit code 1: dead")]
    [InlineData("perl", 255, "boom at x.pl line 1.\n", "die", "boom")]
    [InlineData("perl", 255, "x at f.pl line 1, <STDIN> line 1.\n", "die", "x")]
    [InlineData("perl", 255, "w at c.pl line 1.\nboom\n", "die", "boom")]
    [InlineData("perl", 255, "bad at d.pl line 1.\n\tmain::f(1) called at d.pl line 1\n", "die", "bad")]
    [InlineData("perl", 255, "syntax error at b.pl line 1, near \"= ;\"\nExecution of b.pl aborted due to compilation errors.\n", "die", "syntax error")]
    [InlineData("perl", 2, "Can't locate Nope.pm in @INC at g.pl line 1.\nBEGIN failed--compilation aborted at g.pl line 1.\n", "die", "Can't locate Nope.pm in @INC")]
    [InlineData("perl", 3, "w at c.pl line 1.\n", TaskErrorTypes.ExitCode, "the program ended with exit code 3: w at c.pl line 1.")]
    [InlineData("php", 255, "PHP Fatal error:  Uncaught RuntimeException: boom\ntwo in /w/main.php:1\nStack trace:\n#0 {main}\n  thrown in /w/main.php on line 1\n", "RuntimeException", "boom\ntwo")]
    [InlineData("php", 255, "\nFatal error: Uncaught DomainException: x in /w/a.php:1\nStack trace:\n#0 {main}\n\nNext LogicException: outer in /w/a.php:1\nStack trace:\n#0 {main}\n  thrown in /w/a.php on line 1\n", "LogicException", "outer")]
    [InlineData("php", 255, "Fatal error: Uncaught App\\Own in /w/a.php:1\nStack trace:\n", "App\\Own", "App\\Own")]
    [InlineData("php", 255, "Parse error: Unclosed '(' on line 1 in /w/b.php on line 2\n", "ParseError", "Unclosed '(' on line 1 in /w/b.php on line 2")]
    [InlineData("php", 255, "Fatal error: Class A contains 1 abstract method in /w/f.php on line 1\n", "FatalError", "Class A contains 1 abstract method in /w/f.php on line 1")]
    [InlineData("java", 1, "Exception in thread \"main\" java.lang.IllegalStateException: one\ntwo\n\tat A.main(A.java:3)\n", "java.lang.IllegalStateException", "one\ntwo")]
    [InlineData("java", 1, "Exception in thread \"main\" A$My: outer\n\tat A.main(A.java:3)\nCaused by: java.lang.X: inner\n\t... 1 more\n", "A$My", "outer")]
    [InlineData("java", 1, "Exception in thread \"main\" java.lang.StackOverflowError\n\tat A.f(A.java:6)\n", "java.lang.StackOverflowError", "java.lang.StackOverflowError")]
    [InlineData("java", 1, "Exception in thread \"Thread-0\" java.lang.RuntimeException: thr\n\tat A.x(A.java:4)\n", "java.lang.RuntimeException", "thr")]
    [InlineData("java", 1, "Error: Could not find or load main class Nope\nCaused by: java.lang.ClassNotFoundException: Nope\n", TaskErrorTypes.ExitCode, "the program ended with exit code 1: Could not find or load main class Nope")]
    [InlineData("go", 2, "panic: boom\ntwo\n\ngoroutine 1 [running]:\nmain.main()\n", "panic", "boom\ntwo")]
    [InlineData("go", 2, "panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: x]\n\ngoroutine 1 [running]:\n", "panic", "runtime error: invalid memory address or nil pointer dereference")]
    [InlineData("go", 2, "panic: first\n\tpanic: second\n\ngoroutine 1 [running]:\n", "panic", "first\n\tpanic: second")]
    [InlineData("go", 2, "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:\n", "fatal error", "all goroutines are asleep - deadlock!")]
    [InlineData("go", 1, "2026/01/01 00:00:00 dead\n", TaskErrorTypes.ExitCode, "the program ended with exit code 1: 2026/01/01 00:00:00 dead")]
    [InlineData("rust", 101, "\nthread 'main' (22365) panicked at a.rs:2:108:\nboom\ntwo\nnote: run with `RUST_BACKTRACE=1`\n", "panic", "boom\ntwo")]
    [InlineData("rust", 101, "thread 'main' panicked at src/main.rs:2:5:\nboom\n", "panic", "boom")]
    [InlineData("rust", 101, "thread 'main' panicked at 'boom', src/main.rs:2:5\nnote: run with\n", "panic", "boom")]
    [InlineData("rust", 1, "Error: E(3)\n", "Error", "E(3)")]
    [InlineData("csharp", 134, "Unhandled exception. System.InvalidOperationException: one\ntwo\n   at Program.<Main>$(String[] args)\n", "System.InvalidOperationException", "one\ntwo")]
    [InlineData("csharp", 134, "Unhandled exception. My: outer\n ---> System.FormatException: inner\n   at X\n", "My", "outer")]
    [InlineData("csharp", 134, "Stack overflow.\nRepeated 261682 times:\n   at Program.F(Int32)\n", "System.StackOverflowException", "Stack overflow.")]
    [InlineData("cpp", 134, "terminate called after throwing an instance of 'std::out_of_range'\n  what():  vector::_M_range_check: x\n", "std::out_of_range", "vector::_M_range_check: x")]
    [InlineData("cpp", 134, "terminate called after throwing an instance of 'int'\n", "int", "terminate called after throwing an instance of 'int'")]
    [InlineData("c", 134, "ac: a.cpp:4: int main(): Assertion `c == 7' failed.\n", "assertion", "ac: a.cpp:4: int main(): Assertion `c == 7' failed.")]
    [InlineData("bash", 127, "a.sh: line 1: foo: command not found\n", TaskErrorTypes.ExitCode, "the program ended with exit code 127: a.sh: line 1: foo: command not found")]
    [InlineData("bash", 139, "", TaskErrorTypes.ExitCode, "the program ended with exit code 139 (128 + 11: SIGSEGV (segmentation fault))")]
    public void Error_is_read_as_each_language_prints_it(string runtime, int exitCode, string stderr, string type, string message) =>
        AssertError(runtime, exitCode, stderr, type, message);

    [Theory]
    [InlineData(9, "SIGKILL (killed)")]
    [InlineData(11, "SIGSEGV (segmentation fault)")]
    [InlineData(31, "SIGSYS (a system call that the sandbox refuses)")]
    [InlineData(40, "signal 40")]
    public void Signal_is_named(int signal, string name)
    {
        TaskError error = Parse(null, 128 + signal, signal, "");

        Assert.Equal((TaskErrorTypes.Signal, $"the program was ended by {name}"), (error.Type, error.Message));
    }

    [Fact]
    public void Long_messages_and_tracebacks_are_cut()
    {
        string frames = string.Concat(Enumerable.Repeat("  File \"a.py\", line 1, in f\n", 10_000));
        TaskError error = Parse("python", 1, null, $"Traceback (most recent call last):\n{frames}ValueError: {new string('x', 100_000)}\n");

        Assert.Equal("ValueError", error.Type);
        Assert.InRange(error.Message.Length, 3000, 4200);
        Assert.InRange(error.Traceback!.Length, 60_000, 70_000);
    }

    [Theory]
    [InlineData("main.c: In function 'main':\nmain.c:1:9: error: 'x' undeclared\n", "", "main.c:1:9: error: 'x' undeclared")]
    [InlineData("", "main.cs(1,19): error CS0103: no x\n", "main.cs(1,19): error CS0103: no x")]
    [InlineData("# command-line-arguments\n./main.go:2:2: undefined: x\n", "", "./main.go:2:2: undefined: x")]
    [InlineData("", "", "the compiler ended with exit code 1 and said nothing")]
    public void Compile_error_is_the_compilers_first_complaint(string stderr, string stdout, string message) =>
        Assert.Equal((TaskErrorTypes.CompileError, message), (ProgramErrorParser.ParseCompile(1, null, stdout, stderr).Type, ProgramErrorParser.ParseCompile(1, null, stdout, stderr).Message));

    [Fact]
    public void Parse_never_throws_and_always_answers_on_garbage()
    {
        string[] pieces =
        [
            "Traceback (most recent call last):", "  + Exception Group Traceback (most recent call last):", "  File \"a.py\", line 1", "ValueError: x",
            "SyntaxError: y", "During handling of the above exception, another exception occurred:", "Exception ignored in: z", "  | E: x", "  +-+--- 1 ---",
            "/w/a.js:1", "  ^", "Error: x", "    at f (a.js:1)", "Node.js v20.0.0", "Uncaught 5", "a.rb:1:in `f': x (E)", "\tfrom a.rb:1", "x at y line 1.",
            "PHP Fatal error:  Uncaught A: b in c:1", "Next B: c in d:1", "Parse error: x", "Exception in thread \"main\" a.B: c", "\tat A", "Caused by: x",
            "panic: x", "fatal error: y", "goroutine 1 [running]:", "thread 'main' panicked at a.rs:1:", "thread 'x' panicked at 'y', z", "Error: E(1)",
            "Unhandled exception. A.B: c", "   at X", " ---> y", "terminate called after throwing an instance of 'int'", "  what():  x", ": Assertion `x' failed.",
            "", " ", "\t", "\0", "\ud800", "': (", "# x", new string(':', 5000), new string('\'', 5000), "thread '" + new string('a', 9000), "a:1:in `" + new string('\'', 3000),
        ];
        string?[] runtimes = [null, .. RuntimeCatalog.BuiltIn.All.Select(runtime => runtime.Name)];
        int[] codes = [0, 1, 2, 3, 101, 130, 134, 137, 255, -1];
        var random = new Random(20260101);
        for (int round = 0; round < 30_000; round++)
        {
            var text = new StringBuilder();
            for (int lines = random.Next(12); lines > 0; lines--)
            {
                text.Append(pieces[random.Next(pieces.Length)]).Append(random.Next(20) == 0 ? "\r\n" : random.Next(20) == 0 ? "" : "\n");
            }

            TaskError error = Parse(runtimes[random.Next(runtimes.Length)], codes[random.Next(codes.Length)], random.Next(3) == 0 ? random.Next(1, 65) : null, text.ToString());
            Assert.NotEqual("", error.Type);
            Assert.NotEqual("", error.Message);
        }
    }

    private static void AssertError(string runtime, int exitCode, string stderr, string type, string message)
    {
        TaskError error = Parse(runtime, exitCode, null, stderr);
        Assert.Equal((type, message), (error.Type, error.Message));
    }

    private static TaskError Parse(string? runtime, int exitCode, int? signal, string stderr) =>
        ProgramErrorParser.Parse(runtime is null ? null : RuntimeCatalog.BuiltIn.Find(runtime), exitCode, signal, stderr);
}
