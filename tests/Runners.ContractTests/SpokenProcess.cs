using System.Text;
using System.Threading.Channels;
using Executor.Limits;
using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners.ContractTests;

/// <summary>A process of a workspace, which a test talks to and listens to.</summary>
public sealed class SpokenProcess
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly Dictionary<OutputStream, StringBuilder> _printed = new() { [OutputStream.Stdout] = new(), [OutputStream.Stderr] = new() };
    private readonly Channel<int> _heard = Channel.CreateUnbounded<int>();
    private IRunningProcess _process = null!;

    public string Stdout => Of(OutputStream.Stdout);

    public string Stderr => Of(OutputStream.Stderr);

    /// <summary>Starts a shell script.</summary>
    public static Task<SpokenProcess> StartAsync(IWorkspace workspace, string script, bool hasInput = false, EffectiveLimits? limits = null) =>
        StartAsync(workspace, Spec(script, (_, _, _) => ValueTask.CompletedTask, limits) with { HasInput = hasInput });

    /// <summary>Starts a process, whose output is listened to.</summary>
    public static async Task<SpokenProcess> StartAsync(IWorkspace workspace, ProcessSpec spec)
    {
        SpokenProcess spoken = new();
        spoken._process = await workspace.StartAsync(spec with { Output = spoken.ReceiveAsync }, CancellationToken.None);
        return spoken;
    }

    /// <summary>A shell script to start.</summary>
    public static ProcessSpec Spec(string script, OutputReceiver output, EffectiveLimits? limits = null) => new()
    {
        Argv = ["bash", "-c", script],
        Env = BaseEnvironment.Variables,
        Limits = limits ?? LimitResolver.Resolve(null),
        Output = output,
    };

    /// <summary>Waits until it has printed that.</summary>
    public async Task HearAsync(string text)
    {
        using var limited = new CancellationTokenSource(Longest);
        while (!Stdout.Contains(text, StringComparison.Ordinal))
        {
            try
            {
                await _heard.Reader.ReadAsync(limited.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"'{text}' was not printed, but '{Stdout}', and on standard error '{Stderr}'");
            }
        }
    }

    /// <summary>Writes to its standard input.</summary>
    public async Task SayAsync(string text)
    {
        await _process.StandardInput.WriteAsync(Encoding.UTF8.GetBytes(text));
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Ends its standard input.</summary>
    public void Hush() => _process.StandardInput.Close();

    public Task StopAsync(StopMode mode) => _process.StopAsync(mode, CancellationToken.None);

    /// <summary>Waits for its end.</summary>
    public Task<ProcessExit> EndAsync() => _process.WaitAsync(CancellationToken.None).WaitAsync(Longest);

    private string Of(OutputStream stream)
    {
        lock (_printed)
        {
            return _printed[stream].ToString();
        }
    }

    private ValueTask ReceiveAsync(OutputStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        lock (_printed)
        {
            _printed[stream].Append(Encoding.UTF8.GetString(data.Span));
        }

        _heard.Writer.TryWrite(data.Length);
        return ValueTask.CompletedTask;
    }
}
