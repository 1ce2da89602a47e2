using System.Diagnostics;
using Executor.Executors;
using Executor.Runners.Ssh.Options;
using Executor.Tasks;

namespace Executor.Runners.Ssh.Tests.KnownHosts;

/// <summary>A host is who it was before, by its key in known_hosts, as OpenSSH keeps it.</summary>
public sealed class HostKeyTests : IAsyncLifetime
{
    private SshServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await SshServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task New_host_is_written_down_once_and_ssh_itself_accepts_the_line()
    {
        File.WriteAllText(_server.KnownHosts, "# mine\nother.example ssh-ed25519 AAAA");

        Assert.True(await AcceptsAsync(_server.Options()));
        Assert.True(await AcceptsAsync(_server.Options()));

        string[] lines = File.ReadAllLines(_server.KnownHosts);
        Assert.Equal(["# mine", "other.example ssh-ed25519 AAAA", $"[127.0.0.1]:{_server.Port} {HostKey()}"], lines);
        Assert.Equal(0, await RunAsync("ssh", "-F", "none", "-o", "StrictHostKeyChecking=yes", "-o", $"UserKnownHostsFile={_server.KnownHosts}",
            "-i", _server.UserKey, "-p", $"{_server.Port}", $"{Environment.UserName}@127.0.0.1", "true"));
        Assert.DoesNotContain(Directory.EnumerateFiles(_server.Folder), file => file.StartsWith($"{_server.KnownHosts}.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task First_host_makes_the_file_for_the_user_alone()
    {
        string file = Path.Combine(_server.Folder, "home", ".ssh", "known_hosts");

        Assert.True(await AcceptsAsync(_server.Options() with { KnownHostsFile = file }));

        Assert.Equal([$"[127.0.0.1]:{_server.Port} {HostKey()}"], File.ReadAllLines(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Unknown_host_is_refused_when_strict_with_the_way_to_add_it()
    {
        string message = await RefusedAsync(_server.Options() with { KnownHosts = KnownHostsPolicy.Strict });

        Assert.Contains($"is not in {_server.KnownHosts}", message, StringComparison.Ordinal);
        Assert.Contains("code_executors.ssh.throwaway.known_hosts is strict", message, StringComparison.Ordinal);
        Assert.Contains($"ssh-keyscan -p {_server.Port} 127.0.0.1", message, StringComparison.Ordinal);
        Assert.False(File.Exists(_server.KnownHosts));
    }

    [Theory]
    [InlineData(KnownHostsPolicy.AcceptNew)]
    [InlineData(KnownHostsPolicy.Strict)]
    public async Task Changed_key_is_refused_with_file_and_line(KnownHostsPolicy policy)
    {
        await _server.CreateKeyAsync("another");
        string other = string.Join(' ', File.ReadAllText(Path.Combine(_server.Folder, "another.pub")).Split(' ')[..2]);
        File.WriteAllText(_server.KnownHosts, $"# a comment\n\n[127.0.0.1]:{_server.Port} {other}\n");

        string message = await RefusedAsync(_server.Options() with { KnownHosts = policy });

        Assert.Contains("its key has changed", message, StringComparison.Ordinal);
        Assert.Contains($"{_server.KnownHosts}, line 3", message, StringComparison.Ordinal);
        Assert.Contains("ssh-keygen -R", message, StringComparison.Ordinal);
        Assert.Equal(3, File.ReadAllLines(_server.KnownHosts).Length);
    }

    [Fact]
    public async Task Any_key_will_do_when_off()
    {
        File.WriteAllText(_server.KnownHosts, $"[127.0.0.1]:{_server.Port} ssh-ed25519 AAAA\n");

        Assert.True(await AcceptsAsync(_server.Options() with { KnownHosts = KnownHostsPolicy.Off }));
        Assert.Single(File.ReadAllLines(_server.KnownHosts));
    }

    [Fact]
    public async Task Hashed_name_is_recognised()
    {
        File.WriteAllText(_server.KnownHosts, $"[127.0.0.1]:{_server.Port} {HostKey()}\n");
        Assert.Equal(0, await RunAsync("ssh-keygen", "-H", "-f", _server.KnownHosts));
        Assert.StartsWith("|1|", File.ReadAllText(_server.KnownHosts), StringComparison.Ordinal);

        Assert.True(await AcceptsAsync(_server.Options() with { KnownHosts = KnownHostsPolicy.Strict }));
    }

    [Theory]
    [InlineData("[127.0.0.*]:*")]
    [InlineData("one.example,[127.0.0.?]:PORT")]
    [InlineData("*,!two.example")]
    public async Task Patterns_are_recognised(string pattern)
    {
        File.WriteAllText(_server.KnownHosts, $"{pattern.Replace("PORT", $"{_server.Port}", StringComparison.Ordinal)} {HostKey()} a comment\n");

        Assert.True(await AcceptsAsync(_server.Options() with { KnownHosts = KnownHostsPolicy.Strict }));
    }

    [Fact]
    public async Task Name_without_its_port_is_another_host()
    {
        File.WriteAllText(_server.KnownHosts, $"127.0.0.1 {HostKey()}\n*,![127.0.0.1]:{_server.Port} {HostKey()}\n");

        await RefusedAsync(_server.Options() with { KnownHosts = KnownHostsPolicy.Strict });
    }

    [Fact]
    public async Task Revoked_key_is_refused()
    {
        File.WriteAllText(_server.KnownHosts, $"[127.0.0.1]:{_server.Port} {HostKey()}\n@revoked * {HostKey()}\n");

        Assert.Contains("is revoked", await RefusedAsync(_server.Options()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_is_asked_for_the_kind_of_key_that_is_known()
    {
        string key = Path.Combine(_server.Folder, "ecdsa");
        Assert.Equal(0, await RunAsync("ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", key));
        await using SshServer server = await SshServer.StartAsync($"HostKey {key}");
        string known = string.Join(' ', File.ReadAllText($"{key}.pub").Split(' ')[..2]);
        File.WriteAllText(server.KnownHosts, $"[127.0.0.1]:{server.Port} {known}\n");

        Assert.True(await AcceptsAsync(server.Options() with { KnownHosts = KnownHostsPolicy.Strict }));
    }

    [Fact]
    public async Task Link_to_the_file_stays_a_link()
    {
        string target = Path.Combine(_server.Folder, "elsewhere");
        File.WriteAllText(target, "");
        File.CreateSymbolicLink(_server.KnownHosts, target);

        Assert.True(await AcceptsAsync(_server.Options()));

        Assert.NotNull(new FileInfo(_server.KnownHosts).LinkTarget);
        Assert.Single(File.ReadAllLines(target));
    }

    private string HostKey() => string.Join(' ', File.ReadAllText(Path.Combine(_server.Folder, "host_key.pub")).Split(' ')[..2]);

    private static async Task<bool> AcceptsAsync(SshCodeExecutorOptions options)
    {
        await using SshRunner ssh = new(options);
        return (await ssh.RunAsync("pass")).Success;
    }

    private static async Task<string> RefusedAsync(SshCodeExecutorOptions options)
    {
        await using SshRunner ssh = new(options);
        TaskResult result = await ssh.RunAsync("pass");
        Assert.Equal(TaskErrorTypes.SshUnavailable, result.Error?.Type);
        return result.Error!.Message;
    }

    private static async Task<int> RunAsync(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
