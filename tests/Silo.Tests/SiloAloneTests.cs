using System.Net;
using Executor.Silo.Network;

namespace Executor.Silo;

/// <summary>A silo without PostgreSQL.</summary>
public sealed class SiloAloneTests
{
    [Fact]
    public async Task Silo_alone_answers_the_http_api()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("executor-silo-tests-");
        using (SiloProcess silo = SiloProcess.Start(folder.FullName, postgres: null, SiloPlace.Loopback))
        {
            await silo.ReadyAsync();
            await silo.SubmitAsync(["one"], new Work("print('said')"));

            Assert.Contains("said", await silo.ResultAsync("one"), StringComparison.Ordinal);

            await SiloSessionTests.OkAsync(silo, HttpMethod.Post, "/sessions", new { session_id = "s" }, HttpStatusCode.Created);
            await SiloSessionTests.ExecuteAsync(silo, "s", "x = 6");
            Assert.Equal(42, (await SiloSessionTests.ExecuteAsync(silo, "s", "x * 7")).GetProperty("result").GetInt32());

            silo.Terminate();
            Assert.Equal(0, await silo.EndAsync());
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Queue_that_can_be_none_is_refused()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("executor-silo-tests-");
        using (SiloProcess silo = SiloProcess.Start(folder.FullName, postgres: null, SiloPlace.Loopback, "cluster: {queue: GPU-1}\n"))
        {
            Assert.Equal(2, await silo.EndAsync());
            Assert.Contains("cluster.queue: must be a lower-case letter", silo.Said, StringComparison.Ordinal);
        }

        folder.Delete(recursive: true);
    }
}
