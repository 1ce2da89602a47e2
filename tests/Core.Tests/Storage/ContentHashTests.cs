using System.Text;
using System.Text.Json;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Tests.Storage;

public sealed class ContentHashTests
{
    private static readonly TaskSpec Task = new() { TaskId = "t", Code = "print(1)", Language = "python" };

    [Theory]
    [InlineData("""{"code": "ä", "task_id": "t"}""", """{ "task_id" : "t", "code" : "\u00e4" }""")]
    [InlineData("""{"a": {"x": [1, {"c": 1, "b": 2}], "": null}}""", """{"a":{"":null,"x":[1,{"b":2,"c":1}]}}""")]
    [InlineData("""{"a": "\ud83d\ude00"}""", """{"a":"😀"}""")]
    public void Layout_of_the_json_makes_no_difference(string one, string other) => Assert.Equal(Hash(one), Hash(other));

    [Theory]
    [InlineData("""{"a": 1}""", """{"a": 1.0}""")]
    [InlineData("""{"a": 1}""", """{"a": "1"}""")]
    [InlineData("""{"a": [1, 2]}""", """{"a": [2, 1]}""")]
    [InlineData("""{"a": null}""", """{}""")]
    [InlineData("""{"a": "\ud800"}""", """{"a": "\ud801"}""")]
    [InlineData("""{"\ud800": 1}""", """{"\ud801": 1}""")]
    public void Other_content_has_another_hash(string one, string other) => Assert.NotEqual(Hash(one), Hash(other));

    [Fact]
    public void Work_is_the_same_whatever_names_places_and_answers_it()
    {
        ContentHash work = ContentHash.OfWork(Task);

        Assert.Equal(work, ContentHash.OfWork(Task with
        {
            TaskId = "u",
            Name = "n",
            Details = JsonDocument.Parse("1").RootElement,
            Priority = 7,
            Retry = new RetryPolicy { MaxAttempts = 3 },
            DependsOn = ["a"],
            Cache = new CacheOptions(),
            CallbackUrl = "http://localhost",
        }));
        foreach (TaskSpec other in (TaskSpec[])
            [Task with { Code = "print(2)" }, Task with { Args = ["a"] }, Task with { UseSandbox = false }, Task with { Timeout = TimeSpan.FromSeconds(1) }])
        {
            Assert.NotEqual(work, ContentHash.OfWork(other));
        }
    }

    [Fact]
    public void Task_is_another_one_whatever_is_changed_in_it()
    {
        ContentHash hash = ContentHash.OfTask(Task);

        Assert.Equal(hash, ContentHash.OfTask(Task with { }));
        Assert.NotEqual(hash, ContentHash.OfTask(Task with { Priority = 1 }));
        Assert.NotEqual(hash, ContentHash.OfTask(Task with { Details = JsonDocument.Parse("{}").RootElement }));
    }

    [Fact]
    public void Bytes_are_those_of_the_hash()
    {
        ContentHash hash = ContentHash.OfTask(Task);

        Assert.Equal(hash, new ContentHash(hash.ToBytes()));
        Assert.Equal(Convert.ToHexStringLower(hash.ToBytes()), hash.ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => new ContentHash(new byte[31]));
    }

    private static ContentHash Hash(string json) => ContentHash.OfTask(Encoding.UTF8.GetBytes(json));
}
