using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Executor.Hosting.Working;

/// <summary><c>executor serve</c> with workers of its configuration.</summary>
public sealed partial class ServeWorkersTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("executor-serve-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("KILL")]
    [InlineData("TERM")]
    public async Task Workers_end_with_their_server_however_it_ends(string signal)
    {
        File.WriteAllText(
            Path.Combine(_folder, "my.yaml"), "server: {api_keys: [sesame]}\nexecutors:\n  one: {capabilities: [a]}\n  two: {capabilities: [b]}\n");
        using Process server = Process.Start(
            new ProcessStartInfo("dotnet", [WorkerProcess.Assembly, "serve", "--port", "0", "--data", _folder, "--config", "my.yaml"])
            {
                WorkingDirectory = _folder,
                RedirectStandardError = true,
            })!;
        Task<int[]> workers = SeeWorkersAsync(server);
        int[] ids = await workers.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(2, ids.Length);

        if (signal == "KILL")
        {
            await Signals.KillAsync(server);
        }
        else
        {
            Signals.Ask(server.Id, signal);
            await server.WaitForExitAsync();
        }

        await Poll.UntilAsync("the workers have ended with their server", () => ids.All(HostProcesses.HasEnded), TimeSpan.FromSeconds(30));
    }

    /// <summary>The processes of the two workers, once both have registered.</summary>
    private static async Task<int[]> SeeWorkersAsync(Process server)
    {
        HashSet<string> registered = [];
        while (registered.Count < 2 && await server.StandardError.ReadLineAsync() is string line)
        {
            if (Registered().Match(line) is { Success: true } found)
            {
                registered.Add(found.Groups[1].Value);
            }
        }

        _ = server.StandardError.ReadToEndAsync();
        return [.. HostProcesses.ChildrenOf(server.Id).Where(id => HostProcesses.Arguments(id).Contains("--supervised"))];
    }

    [GeneratedRegex(@"registered as (\w+)")]
    private static partial Regex Registered();
}
