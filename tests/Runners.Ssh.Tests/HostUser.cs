using System.Diagnostics;

namespace Executor.Runners.Ssh.Tests;

/// <summary>A throw-away user of this machine, who logs in with a password. Making one takes root.</summary>
internal sealed class HostUser : IAsyncDisposable
{
    private HostUser(string name, string password) => (Name, Password) = (name, password);

    public string Name { get; }

    public string Password { get; }

    public static async Task<HostUser> CreateAsync()
    {
        var user = new HostUser($"executor-{Random.Shared.Next(100_000, 999_999)}", Guid.NewGuid().ToString("N"));
        await RunAsync("useradd", "--create-home", "--shell", "/bin/bash", user.Name);
        await RunAsync("sh", "-c", "printf '%s:%s\\n' \"$1\" \"$2\" | chpasswd", "sh", user.Name, user.Password);
        return user;
    }

    /// <summary>What of a folder is the user's, a path a line.</summary>
    public Task<string> FilesInAsync(string folder) => RunAsync("find", folder, "-maxdepth", "1", "-user", Name);

    public async ValueTask DisposeAsync() => await RunAsync("userdel", "--force", "--remove", Name);

    private static async Task<string> RunAsync(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program}: {await errors}");
        return output;
    }
}
