using System.Net.Sockets;
using System.Text.Json;

namespace Executor.Cli.Serving;

/// <summary>More clients than a server has files to open.</summary>
public sealed class ManyConnectionsTests : IDisposable
{
    private const int Files = 1_024;
    private const int Connections = 1_500;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("executor-server-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Server_with_few_files_says_so_and_goes_on_under_more_connections_than_it_can_have()
    {
        await using ServerProcess server = await ServerProcess.StartWithFilesAsync(Files, _folder.FullName);
        Assert.Contains("may have 1024 files open, so that it takes 256 connections at once", server.Printed, StringComparison.Ordinal);
        await server.SubmitAsync([Task("before")]);
        List<Socket> idle = [];
        try
        {
            for (int i = 0; i < Connections; i++)
            {
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                await socket.ConnectAsync(server.Address.Host, server.Address.Port);
            }

            // Over a connection that it had before.
            Assert.Equal("COMPLETED", Status(await server.ResultAsync("before")));
            await server.SubmitAsync([Task("under")]);
            Assert.Equal("COMPLETED", Status(await server.ResultAsync("under")));
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }

        using HttpClient another = new() { BaseAddress = server.Address };
        await Poll.UntilAsync("others can connect again", async () =>
        {
            try
            {
                return (await another.GetAsync("/health")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    private static object Task(string id) => new { task_id = id, language = "python", code = "print('well')" };

    private static string? Status(JsonElement result) => result.GetProperty("status").GetString();
}
