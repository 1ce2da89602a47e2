using System.Diagnostics;
using Executor.Runners.Ssh.Tests.Server;
namespace Executor.Runners.Ssh.Tests;
public sealed class ScratchTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Fact]
    public async Task Latency()
    {
        await using SshServer server = await SshServer.StartAsync();
        long t0 = Stopwatch.GetTimestamp();
        await using (SshRunner ssh = new(server.Options()))
        {
            await ssh.RunAsync("pass");
            output.WriteLine($"first {Stopwatch.GetElapsedTime(t0).TotalMilliseconds}");
            for (int i = 0; i < 30; i++) { await ssh.RunAsync("print(1)"); }
            List<double> times = [];
            for (int i = 0; i < 300; i++)
            {
                long t = Stopwatch.GetTimestamp();
                var r = await ssh.RunAsync("print(1)");
                Assert.True(r.Success);
                times.Add(Stopwatch.GetElapsedTime(t).TotalMilliseconds);
            }
            times.Sort();
            output.WriteLine($"p50 {times[150]} p90 {times[270]} p99 {times[297]}");
            t0 = Stopwatch.GetTimestamp();
        }
        output.WriteLine($"dispose {Stopwatch.GetElapsedTime(t0).TotalMilliseconds}");
    }
}
