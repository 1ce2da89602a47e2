using System.Text;
using System.Text.Json;
using Executor.Tasks;

namespace Executor.Runners.Plans;

public sealed class CallableOutcomeTests
{
    [Theory]
    [InlineData("""{"result":{"a":[1,2.5,"ü",null,true]}}""", """{"a":[1,2.5,"ü",null,true]}""")]
    [InlineData("""{"result":null}""", "null")]
    [InlineData(""" {"result": 123456789012345678901234567890} """, "123456789012345678901234567890")]
    public void Value_is_kept_as_it_was_written(string json, string value)
    {
        CallableOutcome outcome = Parse(json);

        Assert.Null(outcome.Error);
        Assert.Equal(value, outcome.Value!.Value.GetRawText());
    }

    [Fact]
    public void Error_carries_type_message_and_traceback()
    {
        TaskError error = Parse("""{"error":{"type":"ValueError","message":"no","traceback":"Traceback …"}}""").Error!;

        Assert.Equal("ValueError", error.Type);
        Assert.Equal("no", error.Message);
        Assert.Equal("Traceback …", error.Traceback);
    }

    [Fact]
    public void Error_without_a_message_says_its_type() =>
        Assert.Equal("KeyboardInterrupt", Parse("""{"error":{"type":"KeyboardInterrupt","message":""}}""").Error!.Message);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"result":1,"error":{}}""")]
    [InlineData("""{"result":1} {"result":2}""")]
    [InlineData("""{"result":NaN}""")]
    [InlineData("""{"error":null}""")]
    [InlineData("""{"error":{"type":"","message":"x"}}""")]
    [InlineData("""{"error":{"type":5,"message":"x"}}""")]
    [InlineData("""{"error":{"type":"x"}}""")]
    [InlineData("""{"result":"\ud800"}""")]
    [InlineData("""{"result":{"\udfff":1}}""")]
    [InlineData("""{"result":1,}""")]
    public void Garbage_is_a_result_error(string json)
    {
        CallableOutcome outcome = Parse(json);

        Assert.Null(outcome.Value);
        Assert.Equal(TaskErrorTypes.ResultError, outcome.Error!.Type);
        Assert.NotEqual("", outcome.Error.Message);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_a_result_error() =>
        Assert.Equal(TaskErrorTypes.ResultError, CallableOutcome.Parse(new byte[] { (byte)'"', 0xff, (byte)'"' }).Error!.Type);

    [Fact]
    public void Depth_is_limited_so_that_every_value_can_travel_on()
    {
        string fits = Nested(CallableOutcome.MaxDepth);
        CallableOutcome deepest = Parse(fits);
        var result = new TaskResult { TaskId = "t", Status = ExecutionStatus.Completed, Result = deepest.Value };
        string wire = JsonSerializer.Serialize(result, ExecutorJson.Wire.TaskResult);

        Assert.NotNull(JsonSerializer.Deserialize(wire, ExecutorJson.Wire.TaskResult)!.Result);
        Assert.Equal(TaskErrorTypes.ResultError, Parse(Nested(CallableOutcome.MaxDepth + 1)).Error!.Type);
        Assert.Equal(TaskErrorTypes.ResultError, Parse(Nested(100_000)).Error!.Type);
    }

    [Fact]
    public void Size_is_limited()
    {
        byte[] json = Encoding.UTF8.GetBytes("{\"result\":\"" + new string('x', CallableOutcome.MaxBytes) + "\"}");

        Assert.Contains("16 MiB", CallableOutcome.Parse(json).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_result_names_the_exit_code() =>
        Assert.Equal("the program ended (exit code 5) before the function returned", CallableOutcome.NotWritten(5).Error!.Message);

    [Fact]
    public void Parse_never_throws_on_mutated_results()
    {
        var random = new Random(4711);
        byte[] seed = """{"error":{"type":"A\u00e9","message":"m","traceback":null},"result":[1,{"k":"\ud83d\ude00"}]}"""u8.ToArray();
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = [.. seed];
            for (int change = random.Next(1, 5); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            CallableOutcome outcome = CallableOutcome.Parse(bytes.AsMemory(0, random.Next(bytes.Length + 1)));
            Assert.True(outcome.Value is null != outcome.Error is null);
        }
    }

    private static CallableOutcome Parse(string json) => CallableOutcome.Parse(Encoding.UTF8.GetBytes(json));

    private static string Nested(int depth) => $$"""{"result":{{new string('[', depth)}}{{new string(']', depth)}}}""";
}
