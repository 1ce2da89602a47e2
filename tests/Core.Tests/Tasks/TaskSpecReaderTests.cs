using System.Text;
using System.Text.Json;

namespace Executor.Tasks;

public sealed class TaskSpecReaderTests
{
    [Fact]
    public void Read_task_has_every_field()
    {
        const string json = """
            { "task_id": "t1", "name": "n", "language": "python", "code": "print(1)", "callable": "main",
              "params": {"x": 1}, "args": ["a"], "stdin": "s", "env": {"A": "1"},
              "files": {"data/in.bin": {"content": "AAE=", "encoding": "base64"}, "b.txt": {"content": "é"}},
              "working_dir": "w", "details": [1, null], "runner": "docker", "executor": "d",
              "capabilities": ["gpu"], "resources": {"cpus": 0.5, "memory_mb": 512, "gpus": 1},
              "use_sandbox": false, "merge_output": true, "timeout": 2.5, "priority": -3,
              "limits": {"memory_mb": 256, "stack_mb": 64, "cpu_time": 30, "pids": 64, "open_files": 256, "file_size_mb": 16, "disk_mb": 64, "output_kb": 1024, "network": true},
              "runtime_env": {"packages": ["pandas"], "env_vars": {"B": "2"}},
              "retry": {"max_attempts": 3, "backoff_sec": 0.5}, "depends_on": ["t0"], "cache": {"ttl_sec": 60},
              "artifacts": ["out/*.png"], "callback_url": "http://h/x" }
            """;

        TaskSpec task = Read(json).Task!;

        Assert.Equal(("t1", "print(1)", RunnerKind.Docker, TimeSpan.FromSeconds(2.5), -3, false), (task.TaskId, task.Code, task.Runner, task.Timeout, task.Priority, task.UseSandbox));
        Assert.Equal([0, 1], task.Files!["data/in.bin"].ToBytes());
        Assert.Equal((3, TimeSpan.FromSeconds(0.5), TimeSpan.FromMinutes(1)), (task.Retry!.MaxAttempts, task.Retry.Backoff, task.Cache!.Ttl));
        // What is read is written again: nothing was dropped.
        Assert.True(JsonElement.DeepEquals(
            JsonDocument.Parse(json.Replace("""{"content": "é"}""", """{"content": "é", "encoding": "utf8"}""", StringComparison.Ordinal)).RootElement,
            JsonSerializer.SerializeToElement(task, ExecutorJson.Wire.TaskSpec)));
    }

    [Theory]
    [InlineData("\uFEFF {\"code\": \"\"}")]
    [InlineData("{\"code\": \"\\ud83d\\ude00\", \"details\": \"\\ud83d\\ude00\"}")]
    [InlineData("{\"code\": \"\", \"name\": null, \"limits\": null, \"timeout\": null}")]
    public void Read_unusual_but_right_json_is_a_task(string json) => Assert.True(Read(json).IsValid);

    [Theory]
    [InlineData("", "is empty; must be an object")]
    [InlineData("  \r\n", "is empty; must be an object")]
    [InlineData("null", "must be an object, was null")]
    [InlineData("5", "must be an object, was the number 5")]
    [InlineData("[]", "must be an object, was a list")]
    [InlineData("\"x\"", "must be an object, was the text \"x\"")]
    [InlineData("{\"code\": \"x\"", "is not valid JSON at byte 13: Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed")]
    [InlineData("{\n\"code\": x}", "is not valid JSON at line 2, byte 9: \"x\" is an invalid start of a value")]
    [InlineData("{\"code\": \"x\"} {}", "is not valid JSON at byte 15: \"{\" is invalid after a single JSON value. Expected end of data")]
    [InlineData("{\"code\": \"x\",}", "is not valid JSON at byte 14: The JSON object contains a trailing comma at the end")]
    [InlineData("{'code': 'x'}", "is not valid JSON at byte 2: \"'\" is an invalid start of a property name. Expected a '\"'")]
    [InlineData("{\"code\": \"\\ud800\"}", "code: has a \\u escape that is half a character")]
    [InlineData("{\"code\": \"\", \"details\": {\"\\udc00\": 1}}", "details: has a \\u escape that is half a character")]
    [InlineData("{\"code\": \"\", \"env\": {\"\\udc00\": \"\"}}", "env: has a \\u escape that is half a character")]
    [InlineData("{\"code\": \"\", \"\\udc00\": {}}", "a field's name has a \\u escape that is half a character")]
    [InlineData("{\"code\": 5}", "code: must be a text (in quotes), was the number 5")]
    [InlineData("{\"code\": [\"x\"]}", "code: must be a text (in quotes), was a list")]
    [InlineData("{\"code\": true, \"script\": \"x\"}", "code: must be a text (in quotes), was true")]
    [InlineData("{\"command\": \"ls -l\"}", "command: must be a list, was the text \"ls -l\"")]
    [InlineData("{\"command\": [\"ls\", 5]}", "command[1]: must be a text (in quotes), was the number 5")]
    [InlineData("{\"code\": \"\", \"timeout\": \"30\"}", "timeout: must be a number of seconds, was the text \"30\"")]
    [InlineData("{\"code\": \"\", \"timeout\": 1e999}", "timeout: must be a number of seconds, was the number 1e999")]
    [InlineData("{\"code\": \"\", \"timeout\": 0}", "timeout: must be over 0 and at most 86400, was 0")]
    [InlineData("{\"code\": \"\", \"priority\": 1.5}", "priority: must be a whole number, was the number 1.5")]
    [InlineData("{\"code\": \"\", \"priority\": 3000000000}", "priority: must be a whole number, was the number 3000000000")]
    [InlineData("{\"code\": \"\", \"priority\": null}", "priority: must be a whole number, was null")]
    [InlineData("{\"code\": \"\", \"use_sandbox\": \"no\"}", "use_sandbox: must be true or false, was the text \"no\"")]
    [InlineData("{\"code\": \"\", \"merge_output\": \"yes\"}", "merge_output: must be true or false, was the text \"yes\"")]
    [InlineData("{\"code\": \"\", \"runner\": \"k8s\"}", "runner: must be one of localhost, docker, ssh, was the text \"k8s\"")]
    [InlineData("{\"code\": \"\", \"runner\": 1}", "runner: must be one of localhost, docker, ssh, was the number 1")]
    [InlineData("{\"code\": \"\", \"env\": {\"A\": 1}}", "env[\"A\"]: must be a text (in quotes), was the number 1")]
    [InlineData("{\"code\": \"\", \"env\": [\"A=1\"]}", "env: must be an object (names and values), was a list")]
    [InlineData("{\"code\": \"\", \"env\": {\"A\": \"1\", \"A\": \"2\"}}", "env[\"A\"]: is given twice")]
    [InlineData("{\"code\": \"\", \"code\": \"\"}", "code: is given twice")]
    [InlineData("{\"code\": \"\", \"files\": {\"a\": \"text\"}}", "files[\"a\"]: must be an object, was the text \"text\"")]
    [InlineData("{\"code\": \"\", \"files\": {\"a\": {\"encoding\": \"utf8\"}}}", "files[\"a\"].content: is missing")]
    [InlineData("{\"code\": \"\", \"files\": {\"a\": {\"content\": \"\", \"encoding\": \"utf-8\"}}}", "files[\"a\"].encoding: must be one of utf8, base64, was the text \"utf-8\"")]
    [InlineData("{\"code\": \"\", \"limits\": {\"memory\": 5}}", "limits.memory: unknown field; did you mean memory_mb?")]
    [InlineData("{\"code\": \"\", \"limits\": {\"gpu\": 5}}", "limits.gpu: unknown field. Known fields: cpu_time, disk_mb, file_size_mb, memory_mb, network, open_files, output_kb, pids, stack_mb")]
    [InlineData("{\"code\": \"\", \"timeot\": 5}", "timeot: unknown field; did you mean timeout?")]
    [InlineData("{\"code\": \"\", \"Timeout\": 5}", "Timeout: unknown field; did you mean timeout?")]
    [InlineData("{\"code\": \"\", \"retry\": {\"backoff_sec\": \"1\"}}", "retry.backoff_sec: must be a number of seconds, was the text \"1\"")]
    [InlineData("{\"code\": \"\", \"cache\": true}", "cache: must be an object, was true")]
    public void Read_fault_is_in_plain_words(string json, string expected) =>
        Assert.Equal([expected], Faults(json));

    [Fact]
    public void Read_unknown_field_that_is_close_to_none_lists_the_known_ones()
    {
        string fault = Assert.Single(Faults("{\"code\": \"\", \"zebra\": 1}"));

        Assert.StartsWith("zebra: unknown field. Known fields: args, artifacts, ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_reports_types_unknown_fields_and_values_at_once() =>
        Assert.Equal(
            [
                "timeout: must be a number of seconds, was the text \"x\"",
                "priori.ty: unknown field; did you mean priority?",
                "limits.pids: must be a whole number, was the text \"many\"",
                "task_id: must have 1 to 128 of the characters A-Z a-z 0-9 . _ : -, was \"a b\"",
                "script: can't be combined with code; give exactly one of code, script, command and entrypoint",
                "callback_url: must be an absolute http or https address, was \"x\"",
            ],
            Faults("""{"task_id": "a b", "code": "", "script": "s", "timeout": "x", "priori.ty": 1, "limits": {"pids": "many"}, "callback_url": "x"}"""));

    [Fact]
    public void Read_too_deep_json_is_a_fault()
    {
        string fault = Assert.Single(Faults($"{{\"code\": \"\", \"details\": {new string('[', 100)}{new string(']', 100)}}}"));

        Assert.Contains("depth of 64", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_bytes_that_are_not_utf8_are_a_fault() =>
        Assert.Equal("is not UTF-8 text", Assert.Single(TaskSpecReader.Read([.. "{\"code\": \""u8, 0xFF, .. "\"}"u8]).Faults).ToString());

    [Fact]
    public void Read_cuts_long_values_in_messages() =>
        Assert.InRange(Assert.Single(Faults($"{{\"code\": \"\", \"timeout\": \"{new string('x', 10_000)}\"}}")).Length, 100, 250);

    private static TaskReading Read(string json) => TaskSpecReader.Read(Encoding.UTF8.GetBytes(json));

    private static string[] Faults(string json)
    {
        TaskReading reading = Read(json);
        Assert.Null(reading.Task);
        return [.. reading.Faults.Select(fault => fault.ToString())];
    }
}
