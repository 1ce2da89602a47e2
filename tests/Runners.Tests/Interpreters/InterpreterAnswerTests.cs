using System.Text;
using Executor.Tasks;

namespace Executor.Runners.Interpreters;

public sealed class InterpreterAnswerTests
{
    [Fact]
    public void Value_comes_as_text_and_as_json()
    {
        InterpreterAnswer answer = Parse("""{"text":"{'a': 1}","value":{"a":1}}""");

        Assert.Equal(("{'a': 1}", """{"a":1}"""), (answer.Text, answer.Value?.GetRawText()));
        Assert.Null(answer.Error);
    }

    [Fact]
    public void Nothing_is_a_success_without_a_value() => Assert.Equal(new InterpreterAnswer(), Parse("{}"));

    [Fact]
    public void Error_has_the_name_of_its_type_where_it_says_nothing()
    {
        TaskError error = Parse("""{"error":{"type":"KeyboardInterrupt","message":"","traceback":""}}""").Error!;

        Assert.Equal(("KeyboardInterrupt", "KeyboardInterrupt", null), (error.Type, error.Message, error.Traceback));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("nonsense")]
    [InlineData("""{"error":5}""")]
    [InlineData("""{"error":{"type":"","message":"m"}}""")]
    [InlineData("""{"value":"\ud800"}""")]
    [InlineData("""{"text":"\ud800"}""")]
    public void What_the_code_has_changed_is_an_error_and_no_exception(string json) => Assert.Equal(TaskErrorTypes.ResultError, Parse(json).Error?.Type);

    [Theory]
    [InlineData(60, true)]
    [InlineData(61, false)]
    public void Value_is_nested_no_deeper_than_what_carries_it_on_can_be(int levels, bool read) =>
        Assert.Equal(read, Parse($$"""{"value":{{new string('[', levels)}}{{new string(']', levels)}}}""").Error is null);

    [Fact]
    public void Damaged_answers_never_throw()
    {
        var random = new Random(7);
        for (int round = 0; round < 3000; round++)
        {
            _ = Parse(Mutation.Of("""{"text":"1","value":[1,{"a":"b"}],"error":{"type":"E","message":"m","traceback":"t"}}""", random));
        }
    }

    private static InterpreterAnswer Parse(string json) => InterpreterAnswer.Parse(Encoding.UTF8.GetBytes(json));
}
