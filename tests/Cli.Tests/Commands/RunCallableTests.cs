namespace Executor.Cli.Commands;

public sealed class RunCallableTests : CliTest
{
    [Fact]
    public async Task Callable_value_is_the_last_line_whatever_was_printed_before()
    {
        Folder.Write("prices.py", "def total(items, tax=0):\n    print('adding', end='')\n    return {'sum': sum(items) + tax, 'text': 'grüße\\n'}\n");
        CliOutput output = await ExecutorAsync("run", "prices.py", "--no-sandbox", "--callable", "total", "--params", """{"items": [3, 4], "tax": 1}""");
        Assert.Equal((0, "adding\n{\"sum\":8,\"text\":\"grüße\\n\"}\n"), (output.ExitCode, output.Stdout));
    }

    [Fact]
    public async Task Callable_that_returns_nothing_prints_null()
    {
        CliOutput output = await ExecutorAsync("run", "--no-sandbox", "--code", "def f():\n    pass", "--callable", "f");
        Assert.Equal((0, "null\n"), (output.ExitCode, output.Stdout));
    }

    [Fact]
    public async Task Params_are_read_from_a_file()
    {
        Folder.Write("params.json", """{"x": 20}""");
        CliOutput output = await ExecutorAsync("run", "--no-sandbox", "--code", "def double(x):\n    return 2 * x", "--callable", "double", "--params", "@params.json");
        Assert.Equal("40\n", output.Stdout);
    }

    [Fact]
    public async Task Callable_that_raises_shows_why_once_and_fails()
    {
        CliOutput output = await ExecutorAsync("run", "--no-sandbox", "--code", "def f():\n    raise KeyError('gone')", "--callable", "f");
        Assert.Equal((1, ""), (output.ExitCode, output.Stdout));
        Assert.Equal(2, output.Stderr.Split("KeyError: 'gone'").Length);
    }

    [Fact]
    public async Task Entrypoint_is_found_in_the_working_dir()
    {
        Folder.Write("src/pkg/__init__.py", "");
        Folder.Write("src/pkg/work.py", "def main(n):\n    return n + 1\n");
        CliOutput output = await ExecutorAsync("run", "--no-sandbox", "--entrypoint", "pkg.work:main", "--params", """{"n": 1}""", "--working-dir", "src");
        Assert.Equal((0, "2\n"), (output.ExitCode, output.Stdout));
    }
}
