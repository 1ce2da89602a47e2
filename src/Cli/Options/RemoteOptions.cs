using System.CommandLine;
using Executor.Cli.Remote;
using Executor.Execution;
using Executor.Hosting;
using Executor.Hosting.Commands;
using Executor.Http;

namespace Executor.Cli.Options;

/// <summary>The options of commands that do something at a server, and how such a command is run.</summary>
internal sealed class RemoteOptions
{
    private readonly Option<string?> _server = CommonOptions.Server();
    private readonly Option<string?> _apiKey = CommonOptions.ApiKey();

    public void AddTo(Command command) => command.AddAll(_server, _apiKey);

    /// <summary>Does it, until it is done or a signal comes, and gives our exit code.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="timeLimits">How long to try.</param>
    /// <param name="act">What to do. Cancelled by a signal, which never undoes anything at the server.</param>
    public int Run(ParseResult parsed, HttpTimeLimits timeLimits, Func<IExecutionService, Interruption, Task<int>> act)
    {
        var server = ServerAddress.Resolve(parsed.GetValue(_server), parsed.GetValue(_apiKey));
        using Interruption interruption = new();
        Action<string?>? troubleChanged = timeLimits == HttpTimeLimits.Brief ? null : new TroubleReport().Changed;
        try
        {
            return ServerUse.RunAsync(server, timeLimits, troubleChanged, service => act(service, interruption)).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (interruption.ExitCode is not null)
        {
            return interruption.ExitCode.Value;
        }
    }
}
