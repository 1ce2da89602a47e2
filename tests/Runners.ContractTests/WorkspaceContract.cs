using System.Globalization;
using System.Text;
using Executor.Limits;
using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners.ContractTests;

/// <summary>What a workspace with several processes at once must do, on a real backend. Derive, say how to open one, and xunit runs it all.</summary>
public abstract class WorkspaceContract
{
    private const int Kill = 9;
    private const int Terminate = 15;
    private const string Forever = "while :; do sleep 0.1; done";

    /// <summary>Opens a workspace of the backend under test.</summary>
    protected abstract Task<IWorkspace> OpenAsync(EffectiveLimits limits);

    /// <summary>Command lines of the processes that the backend's tasks can leave behind, as its host sees them.</summary>
    protected abstract IEnumerable<string> HostCommandLines();

    [Fact]
    public async Task Three_at_once_share_the_files_and_have_outputs_and_ends_of_their_own()
    {
        await using IWorkspace workspace = await OpenAsync();
        await workspace.PutAsync([new WorkspaceFile("given.txt", "given"u8.ToArray())], CancellationToken.None);

        SpokenProcess[] three = await Task.WhenAll(Enumerable.Range(1, 3).Select(number => SpokenProcess.StartAsync(
            workspace, $"echo {number} > is-{number}; for n in 1 2 3; do until [ -s is-$n ]; do sleep 0.02; done; done; cat given.txt is-1 is-2 is-3; echo err-{number} >&2; exit {number}")));
        ProcessExit[] exits = await Task.WhenAll(three.Select(process => process.EndAsync()));

        Assert.Equal([1, 2, 3], exits.Select(exit => exit.ExitCode));
        Assert.All(three, process => Assert.Equal("given1\n2\n3\n", process.Stdout));
        Assert.Equal(["err-1\n", "err-2\n", "err-3\n"], three.Select(process => process.Stderr));
        Assert.Equal("2\n", Encoding.UTF8.GetString((await workspace.GetAsync(["is-2"], 1 << 20, CancellationToken.None)).Files["is-2"]));
    }

    [Fact]
    public async Task One_is_killed_with_its_daemons_and_the_others_go_on()
    {
        string mark = string.Create(CultureInfo.InvariantCulture, $"{Random.Shared.Next(100_000, 999_999)}.5");
        await using IWorkspace workspace = await OpenAsync();
        SpokenProcess first = await SpokenProcess.StartAsync(workspace, "echo on; read line; echo $line; exit 4", hasInput: true);
        SpokenProcess second = await SpokenProcess.StartAsync(workspace, $"(setsid sleep {mark} &); setsid sleep {mark} & echo on; sleep {mark}");
        SpokenProcess third = await SpokenProcess.StartAsync(workspace, "(setsid sh -c 'sleep 1.5; echo late > late.txt' >/dev/null 2>&1 &); echo on; read line; echo $line; cat late.txt; exit 5", hasInput: true);
        await Task.WhenAll(first.HearAsync("on"), second.HearAsync("on"), third.HearAsync("on"));

        await second.StopAsync(StopMode.KillTree);

        Assert.Equal(Kill, (await second.EndAsync()).Signal);
        Assert.DoesNotContain(HostCommandLines(), line => line.Contains(mark, StringComparison.Ordinal));
        await first.SayAsync("one\n");
        Assert.Equal(4, (await first.EndAsync()).ExitCode);
        SpokenProcess waiting = await SpokenProcess.StartAsync(workspace, "until [ -s late.txt ]; do sleep 0.05; done");
        Assert.Equal(0, (await waiting.EndAsync()).ExitCode);
        await third.SayAsync("three\n");
        Assert.Equal(5, (await third.EndAsync()).ExitCode);
        Assert.Equal(("on\none\n", "on\nthree\nlate\n"), (first.Stdout, third.Stdout));
    }

    [Fact]
    public async Task Input_goes_to_its_process_and_ends_for_it_alone()
    {
        await using IWorkspace workspace = await OpenAsync();
        const string echo = "while read line; do echo $line; done; echo end";
        SpokenProcess first = await SpokenProcess.StartAsync(workspace, echo, hasInput: true);
        SpokenProcess second = await SpokenProcess.StartAsync(workspace, echo, hasInput: true);
        // Started after them: it must not hold what is theirs.
        SpokenProcess third = await SpokenProcess.StartAsync(workspace, "read line || echo none; " + Forever);
        await third.HearAsync("none");

        await second.SayAsync("b\n");
        await first.SayAsync("a\n");
        first.Hush();

        Assert.Equal(0, (await first.EndAsync()).ExitCode);
        await second.HearAsync("b");
        Assert.Equal("a\nend\n", first.Stdout);
        Assert.Equal("b\n", second.Stdout);
        second.Hush();
        Assert.Equal(0, (await second.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task One_is_asked_to_end_and_only_it_hears_that()
    {
        await using IWorkspace workspace = await OpenAsync();
        const string polite = "trap 'echo asked; exit 6' TERM; echo on; ";
        SpokenProcess first = await SpokenProcess.StartAsync(workspace, polite + Forever);
        SpokenProcess second = await SpokenProcess.StartAsync(workspace, polite + "read line; exit 7", hasInput: true);
        await Task.WhenAll(first.HearAsync("on"), second.HearAsync("on"));

        await first.StopAsync(StopMode.Polite);

        ProcessExit asked = await first.EndAsync();
        Assert.True(asked is { ExitCode: 6 } or { Signal: Terminate }, asked.ToString());
        await second.SayAsync("\n");
        Assert.Equal(7, (await second.EndAsync()).ExitCode);
        Assert.Equal("on\n", second.Stdout);
    }

    [Fact]
    public async Task Closing_ends_all_that_runs()
    {
        string mark = string.Create(CultureInfo.InvariantCulture, $"{Random.Shared.Next(100_000, 999_999)}.25");
        IWorkspace workspace = await OpenAsync();
        SpokenProcess[] three = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => SpokenProcess.StartAsync(workspace, $"(setsid sleep {mark} &); echo on; sleep {mark}")));
        await Task.WhenAll(three.Select(process => process.HearAsync("on")));

        await workspace.DisposeAsync();

        Assert.All(await Task.WhenAll(three.Select(process => process.EndAsync())), exit => Assert.Equal(Kill, exit.Signal));
        Assert.DoesNotContain(HostCommandLines(), line => line.Contains(mark, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Receiver_that_is_slow_or_hangs_slows_down_its_own_process_only()
    {
        var mayReceive = new TaskCompletionSource();
        long received = 0;
        await using IWorkspace workspace = await OpenAsync();
        await using IRunningProcess chatty = await workspace.StartAsync(
            SpokenProcess.Spec("head -c 30000000 /dev/zero; echo done > done.txt", Receive, LimitResolver.Resolve(null, new TaskLimits { OutputKb = 100_000 })), CancellationToken.None);

        SpokenProcess other = await SpokenProcess.StartAsync(workspace, "for n in 1 2 3 4 5; do sleep 0.1; echo $n; done; ls");
        Assert.Equal(0, (await other.EndAsync()).ExitCode);
        Assert.Equal("1\n2\n3\n4\n5\n", other.Stdout);
        Assert.InRange(Volatile.Read(ref received), 0, 1 << 17);

        mayReceive.SetResult();
        Assert.Equal(0, (await chatty.WaitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60))).ExitCode);
        Assert.Equal(30_000_000, received);

        async ValueTask Receive(OutputStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            await mayReceive.Task.WaitAsync(cancellationToken);
            Interlocked.Add(ref received, data.Length);
            Assert.Equal(-1, data.Span.IndexOfAnyExcept((byte)0));
        }
    }

    [Fact]
    public async Task Many_come_and_go_while_one_stays()
    {
        await using IWorkspace workspace = await OpenAsync();
        SpokenProcess stays = await SpokenProcess.StartAsync(workspace, "read line; mapfile -t lines < all; echo ${#lines[@]}", hasInput: true);

        for (int turn = 0; turn < 3; turn++)
        {
            SpokenProcess[] some = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => SpokenProcess.StartAsync(workspace, $"echo {number} >> all; echo {number}; exit {number}")));
            ProcessExit[] exits = await Task.WhenAll(some.Select(process => process.EndAsync()));
            Assert.Equal([0, 1, 2, 3], exits.Select(exit => exit.ExitCode));
            Assert.Equal(["0\n", "1\n", "2\n", "3\n"], some.Select(process => process.Stdout));
        }

        await stays.SayAsync("\n");
        Assert.Equal(0, (await stays.EndAsync()).ExitCode);
        Assert.Equal("12\n", stays.Stdout);
        // And alone again.
        SpokenProcess last = await SpokenProcess.StartAsync(workspace, "mapfile -t lines < all; echo ${#lines[@]}");
        Assert.Equal(0, (await last.EndAsync()).ExitCode);
        Assert.Equal("12\n", last.Stdout);
    }

    [Fact]
    public async Task Files_are_written_and_read_while_a_process_runs()
    {
        await using IWorkspace workspace = await OpenAsync();
        SpokenProcess process = await SpokenProcess.StartAsync(workspace, "echo mine > mine.txt; echo on; read line; cat d/given.txt; exit 0", hasInput: true);
        await process.HearAsync("on");

        await workspace.PutAsync([new WorkspaceFile("d/given.txt", "given\n"u8.ToArray())], CancellationToken.None);
        CollectedFiles files = await workspace.GetAsync(["*.txt"], 1 << 20, CancellationToken.None);
        await process.SayAsync("\n");

        Assert.Equal(0, (await process.EndAsync()).ExitCode);
        Assert.Equal("on\ngiven\n", process.Stdout);
        Assert.Equal("mine\n", Encoding.UTF8.GetString(files.Files["mine.txt"]));
    }

    [Fact]
    public async Task Limits_of_time_and_output_are_each_process_s_own()
    {
        await using IWorkspace workspace = await OpenAsync();
        SpokenProcess quiet = await SpokenProcess.StartAsync(workspace, "echo on; read line; echo whole", hasInput: true);
        SpokenProcess busy = await SpokenProcess.StartAsync(workspace, "while :; do :; done", limits: LimitResolver.Resolve(null, new TaskLimits { CpuTime = 1 }));
        SpokenProcess chatty = await SpokenProcess.StartAsync(workspace, "head -c 100000 /dev/zero; exit 8", limits: LimitResolver.Resolve(null, new TaskLimits { OutputKb = 1 }));

        Assert.NotEqual(0, (await busy.EndAsync()).ExitCode);
        Assert.Equal(8, (await chatty.EndAsync()).ExitCode);
        await quiet.SayAsync("\n");
        Assert.Equal(0, (await quiet.EndAsync()).ExitCode);
        Assert.Equal("on\nwhole\n", quiet.Stdout);
        Assert.True(chatty.Stdout.Length > 1024); // cut by who receives it, or before
    }

    [Fact]
    public async Task Program_that_is_not_there_is_said_so_beside_one_that_runs()
    {
        await using IWorkspace workspace = await OpenAsync();
        SpokenProcess runs = await SpokenProcess.StartAsync(workspace, "read line; exit 3", hasInput: true);

        await using IRunningProcess absent = await workspace.StartAsync(
            SpokenProcess.Spec("", (_, _, _) => ValueTask.CompletedTask) with { Argv = ["no-such-program"] }, CancellationToken.None);

        Assert.Contains("not found", (await absent.WaitAsync(CancellationToken.None)).StartError, StringComparison.Ordinal);
        await runs.SayAsync("\n");
        Assert.Equal(3, (await runs.EndAsync()).ExitCode);
    }

    private Task<IWorkspace> OpenAsync() => OpenAsync(LimitResolver.Resolve(null));
}
