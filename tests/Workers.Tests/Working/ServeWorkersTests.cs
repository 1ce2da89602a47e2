using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Executor.Workers.Working;

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

        using (Process kill = Process.Start("kill", [$"-{signal}", server.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await server.WaitForExitAsync();
        long start = Stopwatch.GetTimestamp();
        while (ids.Any(id => Directory.Exists($"/proc/{id}")))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30), "a worker outlived its server");
            await Task.Delay(20);
        }
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
        return
        [
            .. from folder in Directory.GetDirectories("/proc")
               where int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _)
               let command = CommandOf(folder)
               where command.Contains("--supervised") && ParentOf(folder) == server.Id
               select int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture),
        ];
    }

    private static string[] CommandOf(string folder) => Read($"{folder}/cmdline").Split('\0');

    private static int ParentOf(string folder) =>
        Parent().Match(Read($"{folder}/status")) is { Success: true } found ? int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // It ended while we looked.
            return "";
        }
    }

    [GeneratedRegex(@"registered as (\w+)")]
    private static partial Regex Registered();

    [GeneratedRegex(@"PPid:\s+(\d+)")]
    private static partial Regex Parent();
}
