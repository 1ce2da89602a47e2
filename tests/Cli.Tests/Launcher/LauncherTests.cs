namespace Executor.Cli.Launcher;

public sealed class LauncherTests(SourceTree tree) : IClassFixture<SourceTree>
{
    private const string Version = SourceTree.Version;

    [Fact]
    public void First_start_says_what_it_is_doing_and_prints_nothing_else()
    {
        Assert.Equal((0, Version), (tree.FirstStart.ExitCode, tree.FirstStart.Stdout));
        string[] lines = tree.FirstStart.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.StartsWith("executor: ", line, StringComparison.Ordinal));
        Assert.Equal(["building", "compiling", "compiling"], lines.Select(line => line.Split(' ')[1]));
    }

    [Fact]
    public async Task Later_start_says_nothing_from_any_folder_and_through_links()
    {
        File.CreateSymbolicLink(Path.Combine(tree.Elsewhere, "link"), tree.Launcher);
        Directory.CreateDirectory(Path.Combine(tree.Elsewhere, "bin"));
        File.CreateSymbolicLink(Path.Combine(tree.Elsewhere, "bin", "executor"), "../link");
        // Whatever another test has changed is built by this one.
        await tree.StartAsync("--version");
        await AssertQuietAsync(tree.Root, "./executor");
        await AssertQuietAsync(Path.Combine(tree.Root, "src"), "../executor");
        await AssertQuietAsync("/", tree.Launcher);
        await AssertQuietAsync(tree.Elsewhere, "bin/executor");
        CliOutput found = await CliProcess.RunProgramAsync("sh", ["-c", "PATH=\"$PWD/bin:$PATH\" executor --version"], tree.Elsewhere);
        Assert.Equal((0, Version, ""), (found.ExitCode, found.Stdout, found.Stderr));
    }

    [Fact]
    public async Task Two_starts_after_a_change_build_once()
    {
        tree.Write("src/Cli/Changed.cs", "internal static class Changed { }");
        CliOutput[] both = await Task.WhenAll(tree.StartAsync("--version"), tree.StartAsync("--version"));
        Assert.All(both, output => Assert.Equal((0, Version), (output.ExitCode, output.Stdout)));
        Assert.Single(both, output => output.Stderr.Contains("building", StringComparison.Ordinal));
        await AssertQuietAsync(tree.Root, "./executor");
    }

    [Fact]
    public async Task Build_that_fails_shows_the_error_and_the_next_one_succeeds()
    {
        tree.Write("src/Cli/Broken.cs", "internal static class Broken { oops }");
        CliOutput broken = await tree.StartAsync("--version");
        Assert.Equal((125, ""), (broken.ExitCode, broken.Stdout));
        Assert.Contains("Broken.cs(1,", broken.Stderr, StringComparison.Ordinal);
        Assert.Contains("executor: the build failed", broken.Stderr, StringComparison.Ordinal);
        File.Delete(Path.Combine(tree.Root, "src/Cli/Broken.cs"));
        CliOutput mended = await tree.StartAsync("--version");
        Assert.Equal((0, Version), (mended.ExitCode, mended.Stdout));
    }

    [Fact]
    public async Task Where_artifacts_can_not_be_written_what_was_built_runs()
    {
        // Root may write everywhere, so root becomes somebody who may not.
        string[] somebody = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : ["env"];
        Assert.Equal(0, (await tree.StartAsync("--version")).ExitCode);
        await CliProcess.RunProgramAsync("chmod", ["-R", "a+rX,a-w", Path.Combine(tree.Root, "artifacts")], tree.Root);
        await CliProcess.RunProgramAsync("chmod", ["-R", "a+rX", tree.Elsewhere], tree.Root);
        try
        {
            CliOutput fresh = await CliProcess.RunProgramAsync(somebody[0], [.. somebody[1..], tree.Launcher, "--version"], tree.Root);
            Assert.Equal((0, Version, ""), (fresh.ExitCode, fresh.Stdout, fresh.Stderr));
            File.SetLastWriteTimeUtc(Path.Combine(tree.Root, "Directory.Build.props"), DateTime.UtcNow);
            CliOutput stale = await CliProcess.RunProgramAsync(somebody[0], [.. somebody[1..], tree.Launcher, "--version"], tree.Root);
            Assert.Equal((0, Version), (stale.ExitCode, stale.Stdout));
            Assert.Contains("can't be written: running what was built", stale.Stderr, StringComparison.Ordinal);
        }
        finally
        {
            await CliProcess.RunProgramAsync("chmod", ["-R", "u+w", Path.Combine(tree.Root, "artifacts")], tree.Root);
        }
    }

    [Theory]
    [InlineData("0<&-", 0, "''\n")]
    [InlineData("1>&-", 0, "")]
    [InlineData("2>&-", 0, "''\n")]
    public async Task Start_without_a_standard_stream_is_as_with_an_empty_one(string closed, int exitCode, string stdout)
    {
        CliOutput output = await CliProcess.RunProgramAsync(
            "sh", ["-c", $"\"$0\" read {closed}", tree.Launcher], tree.Root);
        Assert.Equal((exitCode, stdout), (output.ExitCode, output.Stdout));
    }

    private static async Task AssertQuietAsync(string folder, string launcher)
    {
        CliOutput output = await CliProcess.RunProgramAsync("env", [launcher, "--version"], folder);
        Assert.Equal((0, Version, ""), (output.ExitCode, output.Stdout, output.Stderr));
    }
}
