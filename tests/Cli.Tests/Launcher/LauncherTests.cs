namespace Executor.Cli.Launcher;

public sealed class LauncherTests(SourceTreeCopy tree) : IClassFixture<SourceTreeCopy>
{
    private const string Version = "0.1.0\n";

    [Fact]
    public void First_start_builds_and_falls_back_to_core_naming_the_missing_package()
    {
        Assert.Equal((0, Version), (tree.FirstStart.ExitCode, tree.FirstStart.Stdout));
        string[] lines = tree.FirstStart.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.StartsWith("executor: ", line, StringComparison.Ordinal));
        Assert.Single(lines, line => line.Contains("edition Core, without", StringComparison.Ordinal) && line.Contains(SourceTreeCopy.MissingPackage, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Later_start_says_nothing_from_any_folder_and_through_links()
    {
        File.CreateSymbolicLink(Path.Combine(tree.Elsewhere, "link"), tree.Launcher);
        Directory.CreateDirectory(Path.Combine(tree.Elsewhere, "bin"));
        File.CreateSymbolicLink(Path.Combine(tree.Elsewhere, "bin", "executor"), "../link");
        await AssertQuietAsync(tree.Root, "./executor");
        await AssertQuietAsync(Path.Combine(tree.Root, "src"), "../executor");
        await AssertQuietAsync("/", tree.Launcher);
        await AssertQuietAsync(tree.Elsewhere, "bin/executor");
        CliOutput found = await CliProcess.RunProgramAsync("sh", ["-c", "PATH=\"$PWD/bin:$PATH\" executor --version"], tree.Elsewhere);
        Assert.Equal((0, Version, ""), (found.ExitCode, found.Stdout, found.Stderr));
    }

    [Fact]
    public async Task Edition_is_remembered_and_can_be_asked_for()
    {
        CliOutput output = await tree.StartAsync("edition");
        Assert.Equal((0, "core\n", ""), (output.ExitCode, output.Stdout, output.Stderr));
    }

    [Fact]
    public async Task Variable_overrides_the_edition_that_was_found()
    {
        CliOutput output = await CliProcess.RunProgramAsync("env", ["EXECUTOR_EDITION=full", tree.Launcher, "--version"], tree.Root);
        Assert.Equal((125, ""), (output.ExitCode, output.Stdout));
        Assert.Contains(SourceTreeCopy.MissingPackage, output.Stderr, StringComparison.Ordinal);
        Assert.Equal("core\n", (await tree.StartAsync("edition")).Stdout);
    }

    [Fact]
    public async Task Variable_with_no_edition_in_it_is_refused()
    {
        CliOutput output = await CliProcess.RunProgramAsync("env", ["EXECUTOR_EDITION=half", tree.Launcher, "--version"], tree.Root);
        Assert.Equal((2, "executor: EXECUTOR_EDITION is 'half': it must be core or full\n"), (output.ExitCode, output.Stderr));
    }

    [Theory]
    [InlineData("build", "src/Extra")]
    [InlineData("build", "tests/Extra.Tests")]
    [InlineData("test", "tests/Extra.Tests")]
    public async Task Project_left_out_restores_without_its_packages_and_builds_nothing(string verb, string project)
    {
        CliOutput output = await CliProcess.RunProgramAsync("dotnet", [verb, project, "-p:ExecutorEdition=core"], tree.Root);
        Assert.True(output.ExitCode == 0, output.Stdout);
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(tree.Root, "artifacts/bin"), "Executor.Extra*"));
    }

    [Fact]
    public async Task Two_starts_after_a_change_build_once()
    {
        tree.Write("src/Cli/Changed.cs", "namespace Executor.Cli; internal static class Changed { }");
        CliOutput[] both = await Task.WhenAll(tree.StartAsync("--version"), tree.StartAsync("--version"));
        Assert.All(both, output => Assert.Equal((0, Version), (output.ExitCode, output.Stdout)));
        Assert.Single(both, output => output.Stderr.Contains("building", StringComparison.Ordinal));
        await AssertQuietAsync(tree.Root, "./executor");
    }

    [Fact]
    public async Task Build_that_fails_shows_the_error_and_the_next_one_succeeds()
    {
        tree.Write("src/Cli/Broken.cs", "namespace Executor.Cli; internal static class Broken { oops }");
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
            File.SetLastWriteTimeUtc(Path.Combine(tree.Root, "Editions.props"), DateTime.UtcNow);
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
        string program = "import sys; print('aside', file=sys.stderr); print(repr(sys.stdin.read()))";
        CliOutput output = await CliProcess.RunProgramAsync(
            "sh", ["-c", $"\"$0\" run --no-sandbox --code \"$1\" {closed}", tree.Launcher, program], tree.Root);
        Assert.Equal((exitCode, stdout), (output.ExitCode, output.Stdout));
    }

    private static async Task AssertQuietAsync(string folder, string launcher)
    {
        CliOutput output = await SourceTreeCopy.StartAsync(folder, launcher, "--version");
        Assert.Equal((0, Version, ""), (output.ExitCode, output.Stdout, output.Stderr));
    }
}
