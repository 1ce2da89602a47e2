using System.Text;

namespace Executor.Cli.Commands;

public sealed class RunInputTests : CliTest
{
    private const string Echo = "import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read())";

    [Fact]
    public async Task Run_gives_arguments_from_every_side_in_order()
    {
        Folder.Write("args.py", "import sys\nprint(sys.argv[1:])");
        CliOutput output = await ExecutorAsync("run", "args.py", "a", "--no-sandbox", "--args", "b", "c", "--", "--json", "-x", "--");
        Assert.Equal("['a', 'b', 'c', '--json', '-x', '--']\n", output.Stdout);
    }

    [Fact]
    public async Task Run_forwards_standard_input_byte_for_byte()
    {
        byte[] input = [0, 255, 10, 13, 128, .. Encoding.UTF8.GetBytes(new string('z', 100_000))];
        CliOutput output = await CliProcess.RunAsync(Folder.Path, ["run", "--no-sandbox", "--code", Echo], input);
        Assert.Equal(input, output.StdoutBytes);
    }

    [Fact]
    public async Task Run_with_stdin_file_reads_that_instead()
    {
        Folder.Write("in.txt", "from the file");
        CliOutput output = await CliProcess.RunAsync(Folder.Path, ["run", "--no-sandbox", "--stdin", "in.txt", "--code", Echo], "from the pipe"u8.ToArray());
        Assert.Equal("from the file", output.Stdout);
    }

    [Fact]
    public async Task Run_of_a_dash_reads_the_source_and_leaves_the_program_no_input()
    {
        CliOutput output = await CliProcess.RunAsync(
            Folder.Path, ["run", "-", "--no-sandbox"], "import sys\nprint(repr(sys.stdin.read()))"u8.ToArray());
        Assert.Equal((0, "''\n"), (output.ExitCode, output.Stdout));
    }

    [Fact]
    public async Task Run_of_a_dash_in_another_language_uses_its_runtime()
    {
        CliOutput output = await CliProcess.RunAsync(Folder.Path, ["run", "-", "--no-sandbox", "--language", "bash"], "echo $((6 * 7))"u8.ToArray());
        Assert.Equal("42\n", output.Stdout);
    }

    [Fact]
    public async Task Run_of_a_program_that_reads_nothing_does_not_wait_for_input()
    {
        using CliProcess process = CliProcess.Start(Folder.Path, ["run", "--no-sandbox", "--code", "print('done')"]);
        CliOutput output = await process.WaitAsync();
        Assert.Equal((0, "done\n"), (output.ExitCode, output.Stdout));
    }

    [Fact]
    public async Task Run_command_gets_its_own_arguments()
    {
        CliOutput output = await ExecutorAsync("run", "--no-sandbox", "--command", "--", "sh", "-c", "printf '%s|' \"$@\"", "name", "-a", "b c");
        Assert.Equal((0, "-a|b c|"), (output.ExitCode, output.Stdout));
    }

    [Fact]
    public async Task Run_env_gives_values_and_hands_on_ours_and_nothing_else()
    {
        Dictionary<string, string> ours = new() { ["EXECUTOR_TEST_GIVEN"] = "ours", ["EXECUTOR_TEST_SECRET"] = "hidden" };
        CliOutput output = await CliProcess.RunAsync(
            Folder.Path,
            [
                "run", "--no-sandbox", "--env", "A=1=2", "--env", "EXECUTOR_TEST_GIVEN",
                "--code", "import os\nprint(os.environ['A'], os.environ['EXECUTOR_TEST_GIVEN'], os.environ.get('EXECUTOR_TEST_SECRET'))",
            ],
            environment: ours);
        Assert.Equal("1=2 ours None\n", output.Stdout);
    }

    [Fact]
    public async Task Run_file_is_laid_out_where_asked()
    {
        Folder.Write("data/in.csv", "1,2");
        Folder.Write("other.txt", "three");
        CliOutput output = await ExecutorAsync(
            "run", "--no-sandbox", "--file", "data/in.csv", "--file", "other.txt=deep/renamed.txt", "--file", Folder.At("other.txt"),
            "--code", "print(open('data/in.csv').read(), open('deep/renamed.txt').read(), open('other.txt').read())");
        Assert.Equal((0, "1,2 three three\n"), (output.ExitCode, output.Stdout));
    }

    [Fact]
    public async Task Run_working_dir_is_copied_and_stays_as_it_was()
    {
        Folder.Write("project/pkg/part.py", "VALUE = 5");
        Folder.Write("project/main.py", "from pkg.part import VALUE\nopen('new.txt', 'w').write('x')\nprint(VALUE, __file__.endswith('main.py'))");
        CliOutput output = await ExecutorAsync("run", "project/main.py", "--no-sandbox", "--working-dir", "project");
        Assert.Equal((0, "5 True\n"), (output.ExitCode, output.Stdout));
        Assert.False(File.Exists(Folder.At("project/new.txt")));
    }

    [Fact]
    public async Task Run_working_dir_larger_than_the_disk_limit_is_refused_before_it_is_read()
    {
        Folder.Write("big/file.bin", new string('x', 2 << 20));
        AssertRefused(
            await ExecutorAsync("run", "--no-sandbox", "--code", "1", "--working-dir", "big", "--disk", "1"), 2, "working_dir: big: its 1 files have 2 MiB");
    }

    [Fact]
    public async Task Run_artifacts_come_back_into_their_folder()
    {
        CliOutput output = await ExecutorAsync(
            "run", "--no-sandbox", "--artifact", "out/*.txt", "--artifacts-dir", "back",
            "--code", "import os\nos.mkdir('out')\nopen('out/a.txt', 'wb').write(b'\\xff\\x00')\nopen('out/b.bin', 'w').write('no')");
        Assert.Equal(0, output.ExitCode);
        Assert.Equal([0xFF, 0], File.ReadAllBytes(Folder.At("back/out/a.txt")));
        Assert.False(File.Exists(Folder.At("back/out/b.bin")));
    }
}
