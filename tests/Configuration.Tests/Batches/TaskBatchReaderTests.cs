using System.Text;
using Executor.Tasks;

namespace Executor.Configuration.Batches;

public sealed class TaskBatchReaderTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory();

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("b.jsonl", "{\"code\":\"1\"}\n{\"code\":\"2\"}\n", "1:1 2:2")]
    [InlineData("b.ndjson", "{\"code\":\"1\"}\r\n\r\n  \t\n{\"code\":\"2\"}", "1:1 4:2")]
    [InlineData("b.jsonl", "\uFEFF{\"code\":\"1\"}\n", "1:1")]
    [InlineData("b.json", "[{\"code\":\"1\"},\n{\"code\":\"2\"}]", "1:1 2:2")]
    [InlineData("b.json", "\n{\"tasks\": [\n\n{\"code\":\"1\"}, {\"code\":\"2\"}\n]}", "4:1 4:2")]
    [InlineData("b.json", "{\"tasks\": [{\"code\":\"1\"}]}", "1:1")]
    [InlineData("b.json", "{\n\"code\":\n\"1\"}", "1:1")]
    [InlineData("b.json", "\uFEFF{\"code\":\"1\"}", "1:1")]
    [InlineData("b.json", "{\"code\":\"1\"}\n{\"code\":\"2\"}\n", "1:1 2:2")]
    [InlineData("b.yaml", "- code: '1'\n- code: |-\n    2\n- {\"code\": \"3\"}\n", "1:1 2:2 4:3")]
    [InlineData("b.yml", "# head\ntasks:\n  - code: '1'\n\n  - code: '2'\n", "3:1 5:2")]
    [InlineData("b.yaml", "code: '1'\n---\n- code: '2'\n---\n", "1:1 3:2")]
    [InlineData("b.YAML", "[{code: '1'}]", "1:1")]
    [InlineData("-", "{\"code\":\"1\"}\n{\"code\":\"2\"}", "1:1 2:2")]
    [InlineData("-", " \n[{\"code\":\"1\"}]", "2:1")]
    [InlineData("-", "- code: '1'", "1:1")]
    [InlineData("b.txt", "tasks: [{code: '1'}]", "1:1")]
    public async Task Read_every_form_gives_tasks_with_their_lines(string name, string text, string expected)
    {
        List<TaskBatchEntry> entries = await ReadAsync(name, text);

        Assert.Equal(expected, string.Join(' ', entries.Select(entry => $"{entry.Line}:{entry.Reading.Task?.Code}")));
    }

    [Fact]
    public async Task Read_broken_lines_lose_none_of_the_others()
    {
        List<TaskBatchEntry> entries = await ReadAsync(
            "b.jsonl", "{\"code\":\"1\"}\nnot json\n{\"code\":\"2\",\"script\":\"s\"}\n{\"code\":\"\n{\"code\":\"3\"}\n[]\n\u0000\n{\"code\":\"4\"}");

        Assert.Equal(
            [
                "1 ok",
                "2 is not valid JSON at byte 2: \"not json\" is an invalid JSON literal. Expected the literal 'null'",
                "3 script: can't be combined with code; give exactly one of code, script, command and entrypoint",
                "4 is not valid JSON at byte 10: Expected end of string, but instead reached end of data",
                "5 ok",
                "6 must be an object, was a list",
                "7 is not valid JSON at byte 1: \"0x00\" is an invalid start of a value",
                "8 ok",
            ],
            entries.Select(entry => $"{entry.Line} {(entry.Reading.IsValid ? "ok" : Assert.Single(entry.Reading.Faults))}"));
    }

    [Fact]
    public async Task Read_faulty_entries_of_documents_lose_none_of_the_others()
    {
        List<TaskBatchEntry> json = await ReadAsync("b.json", "[{\"code\":\"1\"},\n5,\n{\"cod\":\"2\"},\n{\"code\":\"3\"}]");
        List<TaskBatchEntry> yaml = await ReadAsync("b.yaml", "- code: '1'\n- 5\n- cod: '2'\n- code: '3'\n-\n");

        Assert.Equal([true, false, false, true], json.Select(entry => entry.Reading.IsValid));
        Assert.Equal([true, false, false, true, false], yaml.Select(entry => entry.Reading.IsValid));
        Assert.Equal([1, 2, 3, 4], json.Select(entry => entry.Line));
        Assert.Equal("cod: unknown field; did you mean code?", yaml[2].Reading.Faults[0].ToString());
        Assert.Equal("must be an object, was null", yaml[4].Reading.Faults[0].ToString());
    }

    [Fact]
    public async Task Read_yaml_types_only_what_has_no_quotes()
    {
        TaskSpec task = Assert.Single(await ReadAsync(
            "b.yaml",
            """
            - code: "null"
              name: !!str 5
              stdin: ~
              args: ['1', "true", yes, 2001-01-01, 1_000, "0x10"]
              timeout: +1.5e+1
              priority: 0x10
              use_sandbox: False
              env: {A: "", B: .inf}
              details: [0o17, .5, -.5, 7., 007, 12345678901234567890123, null, Null, TRUE, "~", 1e3, e5, 0b1]
            """)).Reading.Task!;

        Assert.Equal(("null", "5", null), (task.Code, task.Name, task.Stdin));
        Assert.Equal(["1", "true", "yes", "2001-01-01", "1_000", "0x10"], task.Args);
        Assert.Equal((15, 16, false, ".inf"), (task.Timeout?.TotalSeconds, task.Priority, task.UseSandbox, task.Env?["B"]));
        Assert.Equal("""[15,0.5,-0.5,7,7,12345678901234567890123,null,null,true,"~",1e3,"e5","0b1"]""", task.Details?.GetRawText());
    }

    [Theory]
    [InlineData("b.jsonl", "", "b.jsonl: has no task in it")]
    [InlineData("b.jsonl", "\n \r\n", "b.jsonl: has no task in it")]
    [InlineData("b.json", " \n", "b.json: has no task in it")]
    [InlineData("b.json", "[]", "b.json: has no task in it")]
    [InlineData("b.json", "{\"tasks\": []}", "b.json: has no task in it")]
    [InlineData("b.yaml", "# nothing\n", "b.yaml: has no task in it")]
    [InlineData("b.yaml", "[]", "b.yaml: has no task in it")]
    [InlineData("b.txt", "", "b.txt: has no task in it")]
    [InlineData("b.yaml", "- code: '1'\n- code: [\n", "b.yaml:3: broken YAML: While parsing a node, did not find expected node content")]
    [InlineData("b.yaml", "- code: '1'\n  code: '2'\n", "b.yaml:2: [0].code: is given twice, first in line 1")]
    [InlineData("b.yaml", "tasks:\n  a: 1\n", "b.yaml:1: tasks must be one list of tasks, as in [{\"code\": \"print(1)\", \"language\": \"python\"}]")]
    [InlineData("b.yaml", "just words\n", "b.yaml:1: must be a list of tasks, as in [{\"code\": \"print(1)\", \"language\": \"python\"}]")]
    [InlineData("b.yaml", "tasks: []\nother: 1\nmore: 2", "b.yaml: has other, more beside tasks; only tasks may be there")]
    [InlineData("b.json", "{\"x\": 1,\n\"tasks\": []}", "b.json: has x beside tasks; only tasks may be there")]
    [InlineData("b.json", "{\"tasks\": 5}", "b.json: tasks must be one list of tasks, as in [{\"code\": \"print(1)\", \"language\": \"python\"}]")]
    [InlineData("b.json", "{\"tasks\": [],\"tasks\": []}", "b.json: tasks must be one list of tasks, as in [{\"code\": \"print(1)\", \"language\": \"python\"}]")]
    [InlineData("b.json", "5", "b.json: must be a list of tasks, as in [{\"code\": \"print(1)\", \"language\": \"python\"}]")]
    [InlineData("b.json", "[{\"code\":\"1\"},\n{\"code\":]", "b.json:2: broken JSON: \"]\" is an invalid start of a value")]
    [InlineData("b.json", "[{\"code\":\"1\"}]\nx", "b.json:2: broken JSON: \"x\" is invalid after a single JSON value. Expected end of data")]
    public async Task Read_file_that_is_no_batch_says_what_is_wrong(string name, string text, string expected)
    {
        TaskBatchException exception = await Assert.ThrowsAsync<TaskBatchException>(() => ReadAsync(name, text));

        Assert.Equal(expected, exception.Message);
    }

    [Fact]
    public async Task Read_text_in_another_encoding_says_so()
    {
        Assert.Equal("b.jsonl: is UTF-16 text; save it as UTF-8", await MessageOf("b.jsonl", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("{}")]));
        Assert.Equal("b.yaml: broken YAML: it is not UTF-8 text", await MessageOf("b.yaml", [.. "- code: "u8, 0xE9]));
    }

    [Fact]
    public async Task Read_unreadable_files_say_why()
    {
        string missing = Path.Combine(folder.FullName, "missing.jsonl");

        Assert.Equal($"{missing}: can't be read: there is no such file", await MessageOfFile(missing));
        Assert.Equal($"{folder.FullName}: can't be read: is a folder, not a file", await MessageOfFile(folder.FullName));
        Assert.Equal(": can't be read: is not a valid path", await MessageOfFile(""));
    }

    [Fact]
    public async Task Read_file_that_breaks_off_while_read_says_so()
    {
        await using BreakingStream stream = new("{\"code\":\"1\"}\n{\"co"u8.ToArray());
        List<long> lines = [];

        TaskBatchException exception = await Assert.ThrowsAsync<TaskBatchException>(async () =>
        {
            await foreach (TaskBatchEntry entry in TaskBatchReader.ReadAsync(stream, "b.jsonl"))
            {
                lines.Add(entry.Line);
            }
        });

        Assert.Equal("b.jsonl: can't be read: the disk is gone", exception.Message);
        Assert.Equal([1], lines);
    }

    [Fact]
    public async Task Read_file_from_disk_by_its_path()
    {
        string path = Path.Combine(folder.FullName, "b.jsonl");
        await File.WriteAllTextAsync(path, "{\"code\":\"1\"}\n");
        List<TaskBatchEntry> entries = [];

        await foreach (TaskBatchEntry entry in TaskBatchReader.ReadFileAsync(path))
        {
            entries.Add(entry);
        }

        Assert.Equal("1", Assert.Single(entries).Reading.Task?.Code);
    }

    [Fact]
    public async Task Read_json_lines_hands_out_each_line_before_it_reads_far_ahead()
    {
        await using EndlessStream stream = new("{\"code\":\"x\"}\n"u8.ToArray());
        int count = 0;

        await foreach (TaskBatchEntry entry in TaskBatchReader.ReadAsync(stream, "b.jsonl"))
        {
            Assert.True(entry.Reading.IsValid);
            if (++count == 100_000)
            {
                break;
            }
        }

        // 100,000 lines are 1.3 MB; what is held is a few buffers.
        Assert.InRange(stream.BytesRead, 1_300_000, 1_300_000 + (1 << 18));
    }

    [Fact]
    public async Task Read_stops_when_cancelled()
    {
        using CancellationTokenSource cancellation = new();
        await using EndlessStream stream = new("{\"code\":\"x\"}\n"u8.ToArray());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (TaskBatchEntry entry in TaskBatchReader.ReadAsync(stream, "b.jsonl", cancellation.Token))
            {
                await cancellation.CancelAsync();
            }
        });
    }

    private static async Task<List<TaskBatchEntry>> ReadAsync(string name, string text) =>
        await ReadAsync(name, Encoding.UTF8.GetBytes(text));

    private static async Task<List<TaskBatchEntry>> ReadAsync(string name, byte[] bytes)
    {
        using MemoryStream stream = new(bytes);
        List<TaskBatchEntry> entries = [];
        await foreach (TaskBatchEntry entry in TaskBatchReader.ReadAsync(stream, name))
        {
            entries.Add(entry);
        }

        return entries;
    }

    private static async Task<string> MessageOf(string name, byte[] bytes) =>
        (await Assert.ThrowsAsync<TaskBatchException>(() => ReadAsync(name, bytes))).Message;

    private static async Task<string> MessageOfFile(string path) =>
        (await Assert.ThrowsAsync<TaskBatchException>(async () =>
        {
            await foreach (TaskBatchEntry entry in TaskBatchReader.ReadFileAsync(path))
            {
                Assert.Fail($"An entry in line {entry.Line}.");
            }
        })).Message;

    /// <summary>Gives its bytes once, then fails as a lost disk does.</summary>
    private sealed class BreakingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) =>
            Position < Length ? base.Read(buffer) : throw new IOException("the disk is gone");

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(Read(buffer.Span));
    }

    /// <summary>Repeats its bytes for ever.</summary>
    private sealed class EndlessStream(byte[] bytes) : MemoryStream
    {
        public long BytesRead { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int i = 0; i < buffer.Length; i++)
            {
                buffer.Span[i] = bytes[BytesRead++ % bytes.Length];
            }

            return new ValueTask<int>(buffer.Length);
        }
    }
}
