using Executor.Executors;
using Executor.Limits;
using Executor.Runners.Interpreters;
using Executor.Runners.Local.Options;
using Executor.Runners.Local.Sandbox;
using Executor.Runners.Probing;
using Executor.Runtimes;
using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Runners.Local.Tests.Sandbox;

public sealed class SessionLossTests
{
    [Fact]
    public async Task Session_whose_agent_is_killed_is_gone_and_leaves_nothing()
    {
        Leftovers before = Leftovers.Now();
        string mark = $"{Random.Shared.Next(100_000, 999_999)}.625";
        await using (RunnerBackends backends = new RunnerBackends().Add(new SandboxBackend(new SandboxOptions())))
        {
            int[] others = [.. Leftovers.OwnAgents()];
            await using IInterpreter session = await StartAsync(backends);
            Assert.Null((await ExecuteAsync(session, $"import subprocess\nsubprocess.Popen(['sleep', '{mark}'])")).Error);
            await Signals.KillAsync([.. Leftovers.OwnAgents().Except(others)]);

            RunnerException lost = Assert.IsType<RunnerException>(await session.Gone.WaitAsync(TimeSpan.FromSeconds(30)));
            Assert.Equal(TaskErrorTypes.AgentLost, lost.ErrorType);
            Assert.Same(lost, await Assert.ThrowsAsync<RunnerException>(() => ExecuteAsync(session, "1")));
            await Assert.ThrowsAsync<RunnerException>(() => session.RestartAsync(CancellationToken.None));
        }

        Leftovers.Now().AssertNothingSince(before);
        Assert.DoesNotContain(Leftovers.CommandLines(), line => line.Contains(mark, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Session_gives_its_agent_back_and_the_next_finds_nothing_of_it()
    {
        Leftovers before = Leftovers.Now();
        await using (RunnerBackends backends = new RunnerBackends().Add(new SandboxBackend(new SandboxOptions())))
        {
            await using (IInterpreter session = await StartAsync(backends))
            {
                await ExecuteAsync(session, "import os\nopen('/tmp/left', 'w').close()\nos.environ['LEFT'] = '1'\nif os.fork() == 0:\n    os.setsid()\n    import time\n    time.sleep(1000)");
            }

            await using IInterpreter next = await StartAsync(backends);
            InterpreterReply reply = await ExecuteAsync(next, "import os\nos.path.exists('/tmp/left'), 'LEFT' in os.environ, sorted(os.listdir('.')), len([p for p in os.listdir('/proc') if p.isdigit()])");
            Assert.Equal("(False, False, ['.executor'], 3)", reply.ResultText); // the namespace's init, the supervisor, the interpreter
        }

        Leftovers.Now().AssertNothingSince(before);
    }

    [Fact]
    public async Task Receiver_that_fails_is_the_callers_matter_and_the_session_goes_on()
    {
        await using RunnerBackends backends = new RunnerBackends().Add(new SandboxBackend(new SandboxOptions()));
        await using IInterpreter session = await StartAsync(backends);

        await Assert.ThrowsAsync<NotSupportedException>(() => session.ExecuteAsync(
            "x = 1\nprint(x)", "<execution>", TimeSpan.FromSeconds(60), (_, _, _) => throw new NotSupportedException(), CancellationToken.None));
        Assert.Equal("1", (await ExecuteAsync(session, "x")).ResultText);
    }

    [Fact]
    public async Task Interpreter_that_can_not_be_started_says_why()
    {
        await using RunnerBackends backends = new RunnerBackends().Add(new Local.Plain.PlainBackend(), sandboxed: false);

        RunnerException refused = await Assert.ThrowsAsync<RunnerException>(
            () => StartAsync(backends, new SessionSpec { UseSandbox = false, Limits = new TaskLimits { MemoryMb = 1 } }));
        Assert.Equal(TaskErrorTypes.RuntimeUnavailable, refused.ErrorType);
        Assert.StartsWith("The session's interpreter could not be started: ", refused.Message, StringComparison.Ordinal);
    }

    private static Task<IInterpreter> StartAsync(RunnerBackends backends, SessionSpec? spec = null) =>
        new InterpreterLauncher(RuntimeCatalog.BuiltIn, RuntimeProbe.Shared, backends, new TaskRunnerDefaults(), TimeProvider.System)
            .StartAsync(spec ?? new SessionSpec(), LocalCodeExecutorOptions.Default, CancellationToken.None);

    private static Task<InterpreterReply> ExecuteAsync(IInterpreter session, string code) =>
        session.ExecuteAsync(code, "<execution>", TimeSpan.FromSeconds(60), (_, _, _) => ValueTask.CompletedTask, CancellationToken.None);
}
