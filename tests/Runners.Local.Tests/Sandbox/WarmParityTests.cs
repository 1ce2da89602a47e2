using System.Text;
using System.Text.RegularExpressions;
using Executor.Tasks;

namespace Executor.Runners.Local.Tests.Sandbox;

/// <summary>What a script can observe is the same in a warm interpreter as in one started for it, byte for byte.</summary>
public sealed partial class WarmParityTests : IAsyncLifetime
{
    private readonly LocalRunner _warm = LocalRunner.Sandboxed();
    private readonly LocalRunner _cold = LocalRunner.Cold();

    public static TheoryData<string, string> Scripts => new()
    {
        { "identity", "import sys, os\nprint(__name__, __file__, sys.argv, sys.path[0], sys.orig_argv[1:], __package__, __spec__, __doc__, os.getcwd(), sorted(k for k in globals()))" },
        { "environment", "import os\nprint(sorted(os.environ.items()))" },
        { "user site", "import site, sys\nprint(site.USER_BASE, site.USER_SITE, site.ENABLE_USER_SITE, site.getusersitepackages(), sys.path[1:], sys.flags.no_user_site, sys.flags.isolated, sys.flags.no_site, sys.flags.ignore_environment)" },
        { "main module", "import sys, __main__\nx = 5\nprint(__main__.x, sys.modules['__main__'] is __main__, type(__loader__).__name__, type(__builtins__).__name__)" },
        { "exit none", "import sys; sys.exit()" },
        { "exit number", "import sys; sys.exit(7)" },
        { "exit negative", "import sys; sys.exit(-1)" },
        { "exit large", "import sys; sys.exit(256 + 9)" },
        { "exit text", "import sys; sys.exit('a reason')" },
        { "exit object", "raise SystemExit(['list', 1])" },
        { "exit in function", "def f():\n    raise SystemExit(4)\ntry:\n    f()\nfinally:\n    print('finally')" },
        { "os exit", "import os, sys\nsys.stdout.write('kept?')\nos._exit(3)" },
        { "traceback", "def f(n):\n    return g(n)\ndef g(n):\n    return 1 / n\nprint('before')\nf(0)" },
        { "chained", "try:\n    {}['x']\nexcept KeyError as e:\n    raise RuntimeError('outer') from e" },
        { "during handling", "try:\n    1/0\nexcept ZeroDivisionError:\n    undefined" },
        { "group", "raise ExceptionGroup('several', [ValueError('a'), TypeError('b')])" },
        { "recursion error", "def f(): f()\ntry:\n    f()\nexcept RecursionError as e:\n    print(e)" },
        { "syntax error", "x = 1\nif x\n    pass" },
        { "indentation error", "def f():\npass" },
        { "null byte", "print(1)\n\0" },
        { "invalid utf8 comment", "# coding: latin-1\nprint('caf\u00e9')" },
        { "unicode error", "print('\\ud800')" },
        { "custom excepthook", "import sys\nsys.excepthook = lambda t, v, tb: print('hook', t.__name__, v)\n1/0" },
        { "broken excepthook", "import sys\ndef hook(*a): raise KeyError('hook')\nsys.excepthook = hook\n1/0" },
        { "keyboard interrupt", "print('x')\nraise KeyboardInterrupt" },
        { "sigint", "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nimport time; time.sleep(5)" },
        { "sigterm", "import os\nos.kill(os.getpid(), 15)" },
        { "sigpipe default", "import signal\nprint(signal.getsignal(signal.SIGPIPE), signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGCHLD), signal.getsignal(signal.SIGXFSZ))" },
        { "abort", "import os\nos.abort()" },
        { "segfault", "import ctypes\nctypes.string_at(0)" },
        { "atexit", "import atexit\natexit.register(print, 'one')\natexit.register(lambda: print('two'))\nprint('body')" },
        { "atexit raising", "import atexit\nclass Bad:\n    def __call__(self): raise ValueError('late')\n    def __repr__(self): return 'bad'\natexit.register(print, 'first')\natexit.register(Bad())" },
        { "atexit after error", "import atexit\natexit.register(print, 'still')\n1/0" },
        { "finalisers", "class D:\n    def __init__(self, n): self.n = n\n    def __del__(self): print('del', self.n)\na = D('a')\nb = D('b')\nc = D('c'); c.me = c\nprint('end')" },
        { "finaliser sees globals", "import os\nclass D:\n    def __del__(self): print('del', os is not None)\nd = D()" },
        { "unflushed", "import sys\nsys.stdout.write('no newline')\nsys.stderr.write('err no newline')" },
        { "closed stdout", "import sys\nprint('x')\nsys.stdout.close()" },
        { "closed fd 1", "import os\nos.close(1)\nprint('lost')" },
        { "stdio kinds", "import sys\nfor s in (sys.stdin, sys.stdout, sys.stderr):\n    print(s.name, s.mode, s.encoding, s.errors, s.line_buffering, s.write_through, s.isatty(), s.fileno(), s.buffer.__class__.__name__)" },
        { "open fds", "import os\nprint(sorted(os.listdir('/proc/self/fd')))" },
        { "threads", "import threading\nlock = threading.Lock()\ndef work(n):\n    with lock: print('thread', threading.current_thread().name)\nfor n in range(3):\n    t = threading.Thread(target=work, args=(n,)); t.start(); t.join()\nprint(threading.main_thread() is threading.current_thread(), threading.active_count())" },
        { "thread outlives main", "import threading, time\ndef late():\n    time.sleep(0.2)\n    print('late')\nthreading.Thread(target=late).start()\nprint('main done')" },
        { "daemon thread", "import threading, time\nthreading.Thread(target=lambda: time.sleep(30), daemon=True).start()\nprint('main done')" },
        { "thread raising", "import threading\nt = threading.Thread(target=lambda: 1/0, name='worker'); t.start(); t.join()\nprint('on')" },
        { "multiprocessing", "from multiprocessing import Pool\ndef square(n): return n * n\nif __name__ == '__main__':\n    with Pool(2) as pool: print(pool.map(square, range(5)))" },
        { "multiprocessing spawn", "import multiprocessing as mp\ndef say(q): q.put('child ' + __name__)\nif __name__ == '__main__':\n    context = mp.get_context('spawn')\n    q = context.Queue()\n    p = context.Process(target=say, args=(q,)); p.start(); print(q.get()); p.join(); print(p.exitcode)" },
        { "concurrent futures", "from concurrent.futures import ProcessPoolExecutor\ndef double(n): return 2 * n\nif __name__ == '__main__':\n    with ProcessPoolExecutor(2) as pool: print(list(pool.map(double, [1, 2, 3])))" },
        { "subprocess", "import subprocess, sys\nprint(subprocess.run([sys.executable, '-c', 'import sys; print(sys.argv)', 'x'], capture_output=True, text=True))" },
        { "asyncio", "import asyncio\nasync def main():\n    await asyncio.sleep(0.01)\n    p = await asyncio.create_subprocess_exec('echo', 'sub', stdout=asyncio.subprocess.PIPE)\n    print((await p.communicate())[0])\nasyncio.run(main())" },
        { "local server", "import http.server, threading, urllib.request\nclass H(http.server.BaseHTTPRequestHandler):\n    def do_GET(self): self.send_response(200); self.end_headers(); self.wfile.write(b'hi')\n    def log_message(self, *a): pass\ns = http.server.HTTPServer(('127.0.0.1', 8000), H)\nthreading.Thread(target=s.serve_forever, daemon=True).start()\nprint(urllib.request.urlopen('http://127.0.0.1:8000/').read())" },
        { "fork", "import os\npid = os.fork()\nif pid == 0:\n    print('child')\nelse:\n    os.waitpid(pid, 0)\n    print('parent')" },
        { "input", "print(input('name? ') + '!')\ntry:\n    input()\nexcept EOFError as e: print('EOF', e)" },
        { "stdin lines", "import sys\nprint([line for line in sys.stdin])" },
        { "import sibling", "import helper\nprint(helper.VALUE, helper.__file__)" },
        { "pickle main class", "import pickle\nclass P:\n    def __init__(self): self.x = 1\nprint(pickle.loads(pickle.dumps(P())).x, P.__module__)" },
        { "dataclass and typing", "from __future__ import annotations\nfrom dataclasses import dataclass\nfrom typing import get_type_hints\n@dataclass\nclass A:\n    x: int\nprint(A(1), get_type_hints(A))" },
        { "no future leaks", "def f(x: undefined_name): pass" },
        { "annotations", "x: int = 3\nprint(__annotations__)" },
        { "unittest", "import unittest\nclass T(unittest.TestCase):\n    def test_a(self): self.assertEqual(1, 2)\nif __name__ == '__main__': unittest.main(argv=['x'])" },
        { "doctest", "def f():\n    '''\n    >>> f()\n    2\n    '''\n    return 1\nimport doctest; print(doctest.testmod())" },
        { "warnings", "import warnings\nwarnings.warn('careful')\ndef f(): warnings.warn('again', stacklevel=2)\nf()" },
        { "logging", "import logging\nlogging.warning('w')\nlogging.getLogger('x').error('e')" },
        { "locale and encodings", "import sys, locale\nprint(sys.getfilesystemencoding(), locale.getpreferredencoding(False), sys.stdout.encoding, sys.flags.utf8_mode, sys.flags.dev_mode, sys.flags.isolated, sys.dont_write_bytecode)" },
        { "site", "import sys\nprint(sys.path[1:], sys.prefix, sys.base_prefix, sys.executable, sys.getrecursionlimit(), sys.getswitchinterval())" },
        { "gc", "import gc\nprint(gc.isenabled(), gc.get_threshold(), gc.get_debug())" },
        { "limits", "import resource\nprint([resource.getrlimit(r) for r in (resource.RLIMIT_CPU, resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC, resource.RLIMIT_CORE)])" },
        { "identity of the process", "import os, getpass\nprint(os.getpid(), os.getppid(), os.getuid(), os.getgid(), os.getgroups(), os.getpgid(0) == os.getpid(), os.getsid(0) == os.getpid(), getpass.getuser(), oct(os.umask(0)))" },
        { "bytecode", "import helper, os\nprint(sorted(os.listdir('.')))" },
        { "big output", "for n in range(20000): print(n, 'line')" },
        { "not json", "import json, sys\nprint(json.dumps({'a': float('nan')}), sys.float_info.max)" },
        { "readline of interpreter", "import sys\nprint(hasattr(sys, 'ps1'), sys.flags.interactive, hasattr(sys, 'last_value'))" },
    };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _warm.DisposeAsync();
        await _cold.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Warm_script_is_like_a_cold_one(string what, string code)
    {
        var task = new TaskSpec
        {
            Language = "python",
            Code = code,
            Args = ["first", "second arg"],
            Stdin = "a line\n",
            Env = new Dictionary<string, string> { ["MINE"] = "1" },
            Files = new Dictionary<string, TaskFile> { ["helper.py"] = new() { Content = "VALUE = 42\n" } },
        };

        TaskResult warm = await _warm.RunAsync(task);
        TaskResult again = await _warm.RunAsync(task); // now with the usual modules loaded
        TaskResult cold = await _cold.RunAsync(task);

        Assert.False(cold.IsInfrastructureFailure, $"{what}: {cold.Error}");
        Assert.Equal(Describe(cold), Describe(warm));
        Assert.Equal(Describe(cold), Describe(again));
    }

    [Fact]
    public async Task Random_numbers_differ_between_tasks()
    {
        var task = new TaskSpec { Language = "python", Code = "import random, uuid, secrets, tempfile\nprint(random.random(), uuid.uuid4(), secrets.token_hex(), tempfile.mktemp())" };
        var seen = new HashSet<string>();
        for (int n = 0; n < 5; n++)
        {
            Assert.True(seen.Add((await _warm.RunAsync(task)).Stdout));
        }
    }

    private static string Describe(TaskResult result) =>
        Seconds().Replace(DescribeExactly(result), "N s");

    [GeneratedRegex(@"\d\.\d{3}s")]
    private static partial Regex Seconds();

    private static string DescribeExactly(TaskResult result) =>
        new StringBuilder().Append(result.Status).Append(' ').Append(result.ExitCode).Append(' ').Append(result.Signal).Append('\n')
            .Append(result.Stdout).Append("\n--- stderr\n").Append(result.Stderr).Append("\n--- error\n").Append(result.Error).ToString();
}
