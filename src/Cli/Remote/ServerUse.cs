using Executor.Execution;
using Executor.Http;
using Executor.Text;

namespace Executor.Cli.Remote;

/// <summary>Uses the service of a server, and tells its faults to a person.</summary>
internal static class ServerUse
{
    /// <summary>Does something with it.</summary>
    /// <param name="server">The server.</param>
    /// <param name="timeLimits">How long to try.</param>
    /// <param name="troubleChanged">Told when the server can't be reached or is busy, and with null when it answers again; null: nobody is.</param>
    /// <param name="use">What to do.</param>
    /// <exception cref="Hosting.UsageException">The server won't do it.</exception>
    /// <exception cref="ServerUnavailableException">The server can't do it.</exception>
    public static async Task<int> RunAsync(ServerAddress server, HttpTimeLimits timeLimits, Action<string?>? troubleChanged, Func<IExecutionService, Task<int>> use)
    {
        await using HttpExecutionService service = new(new HttpServiceOptions
        {
            Server = server.Url,
            ApiKey = server.ApiKey is string key ? new Secret(key) : null,
            TimeLimits = timeLimits,
            Product = "executor-cli",
            TroubleChanged = troubleChanged,
        });
        try
        {
            return await use(service);
        }
        catch (Exception failed) when (ServerFault.Explain(failed, server) is Exception told)
        {
            throw told;
        }
    }
}
