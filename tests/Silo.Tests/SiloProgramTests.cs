using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Executor.Silo;

/// <summary>The silo as a program: its command line, and the workers that are this very program.</summary>
public sealed class SiloProgramTests : IDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("executor-silo-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Workers_of_the_configuration_are_started_and_register_with_their_silo()
    {
        (string siloPort, string gatewayPort) = FreePorts();
        string config = Path.Combine(_folder.FullName, "config.yaml");
        await File.WriteAllTextAsync(config, "server: {api_keys: [sesame]}\nexecutors:\n  one: {capabilities: [a]}\n");
        using Process silo = Start(
            "--port", "0", "--silo-port", siloPort, "--gateway-port", gatewayPort, "--max-tasks", "0",
            "--data", Path.Combine(_folder.FullName, "data"), "--config", config);
        try
        {
            Assert.True(await SeeAsync(silo, "worker one: registered as one, 1 tasks at once").WaitAsync(TimeLimit), "the silo ended before");
        }
        finally
        {
            await Signals.EndAsync(silo);
        }
    }

    [Theory]
    [InlineData("--silo-prt=1", "unknown option --silo-prt; did you mean --silo-port?")]
    [InlineData("--silo-port=x", "--silo-port: must be a whole number, was 'x'")]
    public async Task Command_line_that_is_wrong_is_refused_in_words(string argument, string words)
    {
        using Process silo = Start(argument);

        string said = await silo.StandardError.ReadToEndAsync().WaitAsync(TimeLimit);
        await silo.WaitForExitAsync();

        Assert.StartsWith($"executor: {words}\n", said, StringComparison.Ordinal);
        Assert.Equal(2, silo.ExitCode);
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [SiloProcess.Program, .. arguments])
        {
            RedirectStandardError = true,
            Environment = { ["EXECUTOR_CONFIG"] = "" },
        })!;

    private static async Task<bool> SeeAsync(Process silo, string words)
    {
        while (await silo.StandardError.ReadLineAsync() is string line)
        {
            if (line.Contains(words, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static (string Silo, string Gateway) FreePorts()
    {
        using TcpListener silo = new(IPAddress.Loopback, 0);
        using TcpListener gateway = new(IPAddress.Loopback, 0);
        silo.Start();
        gateway.Start();
        return (PortOf(silo), PortOf(gateway));
    }

    private static string PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
}
