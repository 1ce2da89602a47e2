using Executor.Executors;
using Executor.Limits;
using Executor.Runners.Local.Options;
using Executor.Runners.Local.Plain;
using Executor.Runners.Probing;
using Executor.Runtimes;
using Executor.Sessions;

namespace Executor.Runners.Interpreters;

/// <summary>What executing code means in Python. The runner does not matter to it.</summary>
public sealed class PythonSessionTests : IAsyncLifetime
{
    private readonly RunnerBackends _backends = new RunnerBackends().Add(new PlainBackend(), sandboxed: false);
    private IInterpreter _session = null!;
    private int _executions;

    public async ValueTask InitializeAsync() => _session =
        await new InterpreterLauncher(RuntimeCatalog.BuiltIn, RuntimeProbe.Shared, _backends, new TaskRunnerDefaults(), TimeProvider.System)
            .StartAsync(new SessionSpec { UseSandbox = false, Limits = new TaskLimits { MemoryMb = 2048 } }, LocalCodeExecutorOptions.Default, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        await _backends.DisposeAsync();
    }

    [Theory]
    [InlineData("1 + 1", "2", "2")]
    [InlineData("x = 1", null, null)]
    [InlineData("", null, null)]
    [InlineData("# nothing", null, null)]
    [InlineData("None", null, null)]
    [InlineData("'a'; 'b'", "'b'", "\"b\"")]
    [InlineData("if True:\n    5", null, null)]
    [InlineData("{'a': [1, 2.5, None, True, (1, 'ü')]}", "{'a': [1, 2.5, None, True, (1, 'ü')]}", """{"a":[1,2.5,null,true,[1,"ü"]]}""")]
    [InlineData("[[], {}, ()]", "[[], {}, ()]", "[[],{},[]]")]
    [InlineData("10 ** 30", "1000000000000000000000000000000", "1000000000000000000000000000000")]
    [InlineData("{1: 2}", "{1: 2}", null)]
    [InlineData("float('nan')", "nan", null)]
    [InlineData("[float('inf')]", "[inf]", null)]
    [InlineData("'\\ud800'", "'\\ud800'", null)]
    [InlineData("{1}", "{1}", null)]
    [InlineData("a = []\na.append(a)\na", "[[...]]", null)]
    [InlineData("import enum\nclass E(enum.IntEnum): A = 1\nE.A", "<E.A: 1>", null)]
    [InlineData("__name__, __import__('sys').argv", "('__main__', [''])", """["__main__",[""]]""")]
    [InlineData("import sys; sys.exit()", null, null)]
    [InlineData("import sys; sys.exit(0)", null, null)]
    public async Task Last_expression_is_the_value_as_text_and_where_it_can_be_as_json(string code, string? text, string? json)
    {
        InterpreterReply reply = await ExecuteAsync(code);

        Assert.Null(reply.Error);
        Assert.Equal(text, reply.ResultText);
        Assert.Equal(json, reply.Result is { } value ? System.Text.RegularExpressions.Regex.Unescape(value.GetRawText()) : null);
    }

    [Theory]
    [InlineData("import asyncio\nawait asyncio.sleep(0, 'waited')", "'waited'")]
    [InlineData("async def f():\n    return 3\nx = await f()\nx", "3")]
    [InlineData("async def g():\n    yield 1\n    yield 2\n[i async for i in g()]", "[1, 2]")]
    [InlineData("import asyncio\nloops = {asyncio.get_running_loop() for _ in [await asyncio.sleep(0)]}\nasync def g(): return asyncio.get_running_loop()\nloops == {await g()}", "True")]
    [InlineData("import asyncio\nasyncio.run(asyncio.sleep(0, 'ran'))", "'ran'")]
    [InlineData("import pickle\ndef f(): pass\nclass C: pass\npickle.loads(pickle.dumps(f)) is f and type(pickle.loads(pickle.dumps(C()))) is C", "True")]
    [InlineData("import multiprocessing as m\ndef sq(x): return x * x\nwith m.get_context('fork').Pool(2) as pool: r = pool.map(sq, [2, 3])\nr", "[4, 9]")]
    [InlineData("import multiprocessing as m\nwith m.get_context('spawn').Pool(1) as pool: r = pool.map(abs, [-2])\nr", "[2]")]
    [InlineData("from dataclasses import dataclass\n@dataclass\nclass P:\n    a: 'list[int]'\nP([1])", "P(a=[1])")]
    [InlineData("import inspect\ndef f(a):\n    return a\ninspect.getsource(f)", "'def f(a):\\n    return a\\n'")]
    [InlineData("from __future__ import annotations\ndef f(a: nonsense): pass\nf.__annotations__", "{'a': 'nonsense'}")]
    [InlineData("import os\nif os.fork() == 0: raise SystemExit(7)\nos.WEXITSTATUS(os.wait()[1])", "7")]
    [InlineData("import os, sys\nif os.fork() == 0: 5\nelse: os.wait()\n'one answer'", "'one answer'")]
    [InlineData("import importlib, time\nopen('fresh.py', 'w').write('y = 4')\nimportlib.invalidate_caches()\nimport fresh\nfresh.y", "4")]
    [InlineData("def f():\n    global z\n    z = 1\nf()\n[z for _ in range(2)]", "[1, 1]")]
    public async Task Python_works_as_in_a_program(string code, string text)
    {
        InterpreterReply reply = await ExecuteAsync(code);

        Assert.True(reply.Error is null, $"{reply.Error}");
        Assert.Equal(text, reply.ResultText);
    }

    [Theory]
    [InlineData(@"import asyncio; q = asyncio.Queue(); lock = asyncio.Lock(); await q.put(5)|async def job():\n    async with lock: return await q.get() * 2\nt = asyncio.create_task(job())|await t", "10")]
    [InlineData("import asyncio; loop = asyncio.get_event_loop(); t = loop.create_task(asyncio.sleep(0, 'begun'))|await t, asyncio.get_running_loop() is loop", "('begun', True)")]
    [InlineData("import asyncio; f = asyncio.Future()|f.get_loop().call_soon(f.set_result, 'set')|await f", "'set'")]
    [InlineData(@"import asyncio\nasync def f(): return await asyncio.gather(a, b)|a, b = (asyncio.ensure_future(asyncio.sleep(0.01, n)) for n in 'ab')|await f()", "['a', 'b']")]
    [InlineData("import asyncio; t = asyncio.create_task(asyncio.sleep(0, 'kept'))|asyncio.run(asyncio.sleep(0, 'other'))|await t", "'kept'")]
    [InlineData("import asyncio; asyncio.run(asyncio.sleep(0))|asyncio.get_event_loop().run_until_complete(asyncio.sleep(0, 'by hand'))", "'by hand'")]
    [InlineData("import asyncio; loop = asyncio.new_event_loop()|loop.run_until_complete(asyncio.sleep(0, 1))|loop.close()|await asyncio.sleep(0, 'ours')", "'ours'")]
    [InlineData("import asyncio; await asyncio.sleep(0); asyncio.get_event_loop().close()|await asyncio.sleep(0, 'another')", "'another'")]
    [InlineData("import asyncio; e = asyncio.Event(); t = asyncio.create_task(e.wait())|e.set()|await t", "True")]
    [InlineData(@"import asyncio\nasync def bad(): raise SystemExit(3)\nt = asyncio.create_task(bad())|await asyncio.sleep(0.01, 'goes on')", "'goes on'")]
    [InlineData(@"import asyncio, threading; said = []\ndef f():\n    try: asyncio.get_running_loop()\n    except RuntimeError as e: said.append(str(e))|t = threading.Thread(target=f); t.start(); t.join(); said", "['no running event loop']")]
    public async Task All_executions_share_one_event_loop(string executions, string text)
    {
        InterpreterReply reply = null!;
        foreach (string code in executions.Split('|'))
        {
            reply = await ExecuteAsync(code.Replace("\\n", "\n", StringComparison.Ordinal));
            Assert.True(reply.Error is null, $"{code}: {reply.Error}");
        }

        Assert.Equal(text, reply.ResultText);
    }

    [Fact]
    public async Task What_an_execution_has_begun_goes_on_before_the_next()
    {
        // Only the loop can rename the file, and the test asks once that is done.
        string file = Path.Combine(Path.GetTempPath(), $"executor-{Guid.NewGuid():N}");
        await ExecuteAsync($"import asyncio, os\nasync def count():\n    for n in range(20): await asyncio.sleep(0)\n    os.rename('{file}.part', '{file}')\nopen('{file}.part', 'w').close()\nt = asyncio.create_task(count())");
        try
        {
            await Poll.UntilAsync("the loop has renamed the file", () => File.Exists(file));
            Assert.Equal("True", (await ExecuteAsync("await asyncio.sleep(0)\nt.done()")).ResultText);
        }
        finally
        {
            File.Delete(file);
            File.Delete(file + ".part");
        }
    }

    [Theory]
    [InlineData("\ufeffx = 1\nx + 1\n", "2")]
    [InlineData("\ufeff", null)]
    [InlineData("\ufeff\r\n\f\r\n7", "7")]
    [InlineData("y = 2\r\nif y:\r\n\tz = \"\"\"a\r\nb\"\"\"\r\nlen(z)\r\n", "3")]
    [InlineData("x = 1 \\\r\n + 1\r\nx", "2")]
    [InlineData("a = 1\rb = 2\ra + b", "3")]
    [InlineData("# -*- coding: latin-1 -*-\ns = \"\u00e9\"\nlen(s)", "1")]
    [InlineData("#!/usr/bin/python\n# vim: set fileencoding=utf-16 :\nlen('\u2028')", "1")]
    [InlineData("def f():\f\n\f\n    return 3\nf()", "3")]
    [InlineData("a = 5;", null)]
    [InlineData("len('\u2028\u2029\u0085\v\u001c')", "5")]
    public async Task Source_may_come_in_any_form_that_a_file_may_have(string code, string? text)
    {
        InterpreterReply reply = await ExecuteAsync(code);

        Assert.True(reply.Error is null, $"{reply.Error}");
        Assert.Equal(text, reply.ResultText);
    }

    [Theory]
    [InlineData("a = 1\n\f\nb = 2\n1/0  # here\n", 4)]
    [InlineData("t = 'x\u2028y\u2029z\u0085\v\u001c\u001d\u001e'\n\n1/0  # here", 3)]
    [InlineData("a = 1\r\n\r\n1/0  # here\r\n", 3)]
    [InlineData("a = 1\rb = 2\r1/0  # here", 3)]
    [InlineData("\ufeff# \u2028\n\n1/0  # here", 3)]
    [InlineData("s = '''\f\r\n\u2028\r\n'''\n1/0  # here", 4)]
    public async Task Lines_of_a_traceback_are_counted_as_python_counts_them(string code, int line)
    {
        string traceback = (await ExecuteAsync(code)).Error!.Traceback!;

        Assert.Contains($"File \"<execution 1>\", line {line}, in <module>\n    1/0  # here\n", traceback, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Future_statements_hold_for_what_follows()
    {
        await ExecuteAsync("from __future__ import annotations");

        Assert.Equal("{'a': 'nonsense'}", (await ExecuteAsync("def f(a: nonsense): pass\nf.__annotations__")).ResultText);
    }

    [Theory]
    [InlineData("def f():\n    raise ValueError('deep')\nf()", "ValueError", "deep", "line 2, in f\n    raise ValueError('deep')")]
    [InlineData("async def f():\n    raise ValueError('deep')\nawait f()", "ValueError", "deep", "line 2, in f\n    raise ValueError('deep')")]
    [InlineData("class Own(Exception): pass\nraise Own('x')", "Own", "x", "line 2, in <module>")]
    [InlineData("import json; json.loads('{')", "json.decoder.JSONDecodeError", "Expecting property name", "line 1, in <module>")]
    [InlineData("x = 1\nx = = 2", "SyntaxError", "invalid syntax", "x = = 2")]
    [InlineData("return 5", "SyntaxError", "'return' outside function", "return 5")]
    [InlineData("raise SystemExit(3)", "SystemExit", "3", null)]
    [InlineData("import sys; sys.exit('why')", "SystemExit", "why", null)]
    [InlineData("raise KeyboardInterrupt", "KeyboardInterrupt", "KeyboardInterrupt", "line 1")]
    [InlineData("class C:\n    def __repr__(self): raise RuntimeError('no words')\nC()", "RuntimeError", "no words", "in __repr__")]
    [InlineData("def f(): f()\nf()", "RecursionError", "recursion", "in f")]
    [InlineData("'\0'", "?", "null", null)]
    public async Task Error_shows_the_lines_of_the_code_and_none_of_ours(string code, string type, string message, string? traceback)
    {
        InterpreterReply reply = await ExecuteAsync(code);

        Assert.True(type == "?" || reply.Error!.Type == type, $"{reply.Error}");
        Assert.Contains(message, reply.Error!.Message, StringComparison.Ordinal);
        Assert.Contains(traceback ?? "", reply.Error.Traceback ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain("session.py", reply.Error.Traceback ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain("asyncio", reply.Error.Traceback ?? "", StringComparison.Ordinal);
        Assert.False(reply.Restarted);
        Assert.Null(reply.Result);
    }

    [Fact]
    public async Task Traceback_through_several_executions_shows_the_line_of_each()
    {
        await ExecuteAsync("def f(a):\n    return 1 / a");
        string traceback = (await ExecuteAsync("f(0)")).Error!.Traceback!;

        Assert.Contains("File \"<execution 2>\", line 1, in <module>\n    f(0)", traceback, StringComparison.Ordinal);
        Assert.Contains("File \"<execution 1>\", line 2, in f\n    return 1 / a", traceback, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_runs_of_code_that_is_no_python_to_its_end()
    {
        await ExecuteAsync("ran = False");
        await ExecuteAsync("ran = True\nawait = 5\n");

        Assert.Equal("False", (await ExecuteAsync("ran")).ResultText);
    }

    [Fact]
    public async Task Value_of_many_megabytes_is_cut_and_said_to_be()
    {
        InterpreterReply reply = await ExecuteAsync("'x' * 3_000_000");

        Assert.EndsWith("… [3000002 characters in all]", reply.ResultText, StringComparison.Ordinal);
        Assert.InRange(reply.ResultText!.Length, 1 << 16, (1 << 16) + 100);
        Assert.Null(reply.Result);
    }

    [Fact]
    public async Task Interrupt_can_be_caught_and_the_code_goes_on()
    {
        InterpreterReply reply = await _session.ExecuteAsync(
            "try:\n    print('go', flush=True)\n    while True: pass\nexcept KeyboardInterrupt:\n    caught = 'caught'\ncaught",
            "<execution 1>",
            TimeSpan.FromSeconds(60),
            (_, data, _) => data.Span.Contains((byte)'g') ? new ValueTask(_session.InterruptAsync(CancellationToken.None)) : ValueTask.CompletedTask,
            CancellationToken.None);

        Assert.Equal(("'caught'", false), (reply.ResultText, reply.Interrupted));
        Assert.Null(reply.Error);
    }

    private Task<InterpreterReply> ExecuteAsync(string code) =>
        _session.ExecuteAsync(code, $"<execution {++_executions}>", TimeSpan.FromSeconds(60), (_, _, _) => ValueTask.CompletedTask, CancellationToken.None);
}
