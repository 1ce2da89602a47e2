namespace Executor.Cli;

/// <summary>A test with a folder of its own in which the command line is started.</summary>
public abstract class CliTest : IDisposable
{
    protected TemporaryFolder Folder { get; } = new();

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected Task<CliOutput> ExecutorAsync(params string[] args) => CliProcess.RunAsync(Folder.Path, args);

    /// <summary>One clear message, the right exit code, and nothing of a stack trace.</summary>
    private protected static void AssertRefused(CliOutput output, int exitCode, string message)
    {
        Assert.Equal(exitCode, output.ExitCode);
        Assert.Contains(message, output.Stderr, StringComparison.Ordinal);
        Assert.All(output.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("executor: ", line, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", output.Stderr, StringComparison.Ordinal);
    }
}
