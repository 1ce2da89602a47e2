using Executor.Executors;
using Executor.Runners.Ssh.Options;
using Executor.Tasks;
using Executor.Text;

namespace Executor.Runners.Ssh.Tests.Connection;

/// <summary>Whatever keeps us from a host is told with the setting to look at.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private SshServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await SshServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Key_that_is_not_authorized_names_the_key_and_the_user()
    {
        string key = await _server.CreateKeyAsync("other_key");

        await AssertRefusedAsync(_server.Options() with { PrivateKey = key }, "private key was not accepted", Environment.UserName, ".username and .private_key");
    }

    [Fact]
    public async Task Wrong_password_names_the_password()
    {
        SshCodeExecutorOptions options = _server.Options() with { PrivateKey = null, Password = new Secret("certainly wrong") };

        string message = await AssertRefusedAsync(options, "password was not accepted", "code_executors.ssh.throwaway.username and .password");

        Assert.DoesNotContain("certainly wrong", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Method_that_the_server_does_not_allow_is_told_with_those_it_does()
    {
        await using SshServer server = await SshServer.StartAsync("PasswordAuthentication no\nKbdInteractiveAuthentication no");

        await AssertRefusedAsync(server.Options() with { PrivateKey = null, Password = new Secret("x") }, "it allows: publickey", ".password");
    }

    [Fact]
    public async Task Encrypted_key_without_a_passphrase_asks_for_it()
    {
        string key = await _server.CreateKeyAsync("encrypted", "open sesame");

        await AssertRefusedAsync(_server.Options() with { PrivateKey = key }, "is encrypted", "code_executors.ssh.throwaway.passphrase");
    }

    [Fact]
    public async Task Wrong_passphrase_names_the_passphrase()
    {
        string key = await _server.CreateKeyAsync("encrypted", "open sesame");

        await AssertRefusedAsync(_server.Options() with { PrivateKey = key, Passphrase = new Secret("wrong") }, "can't be decrypted", ".passphrase");
    }

    [Fact]
    public async Task Right_passphrase_opens_the_key()
    {
        string key = await _server.CreateKeyAsync("encrypted", "open sesame");
        File.AppendAllText(Path.Combine(_server.Folder, "authorized_keys"), File.ReadAllText($"{key}.pub"));
        await using SshRunner ssh = new(_server.Options() with { PrivateKey = key, Passphrase = new Secret("open sesame") });

        Assert.True((await ssh.RunAsync("pass")).Success);
    }

    [Fact]
    public async Task Key_file_that_is_not_there_is_named() =>
        await AssertRefusedAsync(_server.Options() with { PrivateKey = "/nowhere/key" }, "/nowhere/key", "code_executors.ssh.throwaway.private_key");

    [Fact]
    public async Task File_that_is_not_a_key_is_named()
    {
        string file = Path.Combine(_server.Folder, "notes");
        File.WriteAllText(file, "not a key\n");

        await AssertRefusedAsync(_server.Options() with { PrivateKey = file }, file, "is not a private key", ".private_key");
    }

    [Fact]
    public async Task Port_where_nothing_listens_names_host_and_port() =>
        await AssertRefusedAsync(_server.Options() with { Port = SshServer.FreePort() }, "nothing listens there", ".host and code_executors.ssh.throwaway.port");

    [Fact]
    public async Task Host_without_an_address_names_the_host() =>
        await AssertRefusedAsync(_server.Options() with { Host = "no-such-host.invalid" }, "can't be resolved", "code_executors.ssh.throwaway.host");

    [Fact]
    public async Task What_is_not_an_ssh_server_is_told_so()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        Task answering = AnswerLikeAWebServerAsync(listener);

        await AssertRefusedAsync(
            _server.Options() with { Port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port }, "is not an SSH server", "code_executors.ssh.throwaway.port");
        await answering;
    }

    [Fact]
    public async Task Folder_that_can_not_be_made_names_work_dir()
    {
        string file = Path.Combine(_server.Folder, "a file");
        File.WriteAllText(file, "");

        await AssertRefusedAsync(_server.Options() with { WorkDir = $"{file}/below" }, "no folder can be made", "code_executors.ssh.throwaway.work_dir");
    }

    [Fact]
    public async Task Interpreter_that_is_not_there_names_code_executor_path()
    {
        await using SshRunner ssh = new(_server.Options() with { CodeExecutorPath = "/opt/none/bin/python" });

        TaskResult result = await ssh.RunAsync("pass");

        Assert.Equal(TaskErrorTypes.RuntimeUnavailable, result.Error?.Type);
        Assert.Contains("'/opt/none/bin/python' does not exist", result.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("code_executors.ssh.throwaway.code_executor_path", result.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_without_python_is_told_how_to_get_it()
    {
        // The user's commands find nothing on their PATH but a shell.
        string bin = Directory.CreateDirectory(Path.Combine(_server.Folder, "bin")).FullName;
        File.CreateSymbolicLink(Path.Combine(bin, "sh"), "/bin/sh");
        await using SshServer server = await SshServer.StartAsync($"SetEnv PATH={bin}");

        await AssertRefusedAsync(server.Options(), "there is no python3", "code_executors.ssh.throwaway.code_executor_path");
    }

    [Fact]
    public async Task Server_with_a_single_session_is_told_what_to_raise()
    {
        await using SshServer server = await SshServer.StartAsync("MaxSessions 1");

        await AssertRefusedAsync(server.Options(), "MaxSessions");
    }

    [Fact]
    public async Task Server_with_few_sessions_gets_further_connections()
    {
        await using SshServer server = await SshServer.StartAsync("MaxSessions 2");
        await using SshRunner ssh = new(server.Options() with { MaxTasks = 4 });

        TaskResult[] results = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => ssh.RunAsync($"import time; time.sleep(0.05); print({number})")));

        Assert.Equal(Enumerable.Range(0, 12).Select(number => $"{number}\n"), results.Select(result => result.Stdout));
    }

    [Fact]
    public async Task Wrong_password_is_not_tried_again_with_each_task()
    {
        await using SshRunner ssh = new(_server.Options() with { PrivateKey = null, Password = new Secret("wrong") });

        TaskResult[] results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ssh.RunAsync("pass")));

        Assert.All(results, result => Assert.Equal(TaskErrorTypes.SshUnavailable, result.Error?.Type));
        Assert.InRange(_server.Log.Split("Failed password").Length - 1, 1, 2);
    }

    private static async Task<string> AssertRefusedAsync(SshCodeExecutorOptions options, params string[] words)
    {
        await using SshRunner ssh = new(options);
        TaskResult result = await ssh.RunAsync("pass");

        Assert.Equal((ExecutionStatus.Failed, TaskErrorTypes.SshUnavailable), (result.Status, result.Error?.Type));
        Assert.True(result.IsInfrastructureFailure);
        Assert.All(words, word => Assert.Contains(word, result.Error!.Message, StringComparison.Ordinal));
        return result.Error!.Message;
    }

    private static async Task AnswerLikeAWebServerAsync(System.Net.Sockets.TcpListener listener)
    {
        using System.Net.Sockets.TcpClient client = await listener.AcceptTcpClientAsync();
        await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
    }
}
