using Executor.Tasks;

namespace Executor.Runners.ContractTests;

public abstract partial class RunnerContract
{
    [Fact]
    public async Task Files_are_laid_out_byte_for_byte()
    {
        byte[] binary = [0, 255, 10, 13, 128];
        TaskResult result = await RunAsync(Python("print(open('a/b/c.bin', 'rb').read(), open('top.txt').read())") with
        {
            Files = new Dictionary<string, TaskFile>
            {
                ["a/b/c.bin"] = new() { Content = Convert.ToBase64String(binary), Encoding = TaskFileEncoding.Base64 },
                ["top.txt"] = new() { Content = "top" },
            },
        });

        Completed(result);
        Assert.Equal("b'\\x00\\xff\\n\\r\\x80' top\n", result.Stdout);
    }

    [Fact]
    public async Task Artifacts_that_match_are_returned_and_the_rest_is_left()
    {
        TaskResult result = await RunAsync(
            Python("import os\nos.makedirs('out/deep')\nopen('out/a.txt','w').write('A')\nopen('out/b.bin','wb').write(b'\\xff\\x00')\nopen('out/deep/c.txt','w').write('C')\nopen('d.txt','w').write('D')")
                with
            { Artifacts = ["out/*", "**/c.txt"] });

        Completed(result);
        Assert.Equal(["out/a.txt", "out/b.bin", "out/deep/c.txt"], result.Artifacts!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("A", result.Artifacts["out/a.txt"].Content);
        Assert.Equal([0xFF, 0x00], result.Artifacts["out/b.bin"].ToBytes());
        Assert.Null(result.ArtifactsSkipped);
    }

    [Fact]
    public async Task Artifacts_of_a_failed_program_are_returned_too()
    {
        TaskResult result = await RunAsync(Python("open('log','w').write('so far')\nraise SystemExit(2)") with { Artifacts = ["log"] });

        Assert.Equal((ExecutionStatus.Failed, "so far"), (result.Status, result.Artifacts!["log"].Content));
    }

    [Fact]
    public async Task Links_and_pipes_among_the_artifacts_are_named_and_not_followed()
    {
        TaskResult result = await RunAsync(
            Python("import os\nos.mkdir('out')\nos.symlink('/etc/passwd','out/link')\nos.symlink('/etc','out/folder')\nos.mkfifo('out/pipe')\nopen('out/file','w').write('ok')")
                with
            { Artifacts = ["out/**"] });

        Completed(result);
        Assert.Equal(["out/file"], result.Artifacts!.Keys);
        Assert.Equal(["out/folder", "out/link", "out/pipe"], result.ArtifactsSkipped!.Select(skipped => skipped.Split(':')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nothing_of_one_task_is_seen_by_the_next()
    {
        Completed(await RunAsync(Python("import os, tempfile\nopen('left','w').write('x')\nopen(os.path.join(tempfile.gettempdir(),'executor-left-behind'),'w').write('x')\nos.environ['LEFT']='x'")));
        TaskResult result = await RunAsync(Python("import os\nprint(sorted(os.listdir('.')), 'LEFT' in os.environ)"));

        Assert.Equal("['main.py'] False\n", result.Stdout);
    }
}
