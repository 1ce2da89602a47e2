using System.Net;
using System.Text.Json;
using Executor.Tasks;

namespace Executor.Api.Tasks;

/// <summary><c>GET /tasks/{id}/output</c>.</summary>
public sealed class OutputTests : ApiTest
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private protected override ApiOptions Options { get; } = new() { KeepAlive = TimeSpan.FromMilliseconds(50) };

    [Fact]
    public async Task Output_comes_while_the_task_runs_and_then_its_end()
    {
        HeldAttempt held = await Api.HoldAsync("a");
        using SseReader events = await SseReader.OpenAsync(Api.Client, "/tasks/a/output");

        await held.PrintAsync("one\n");
        SseEvent first = await NextAsync(events);
        await held.PrintAsync("oops", OutputStream.Stderr);
        SseEvent second = await NextAsync(events);
        held.Complete();
        SseEvent last = await NextAsync(events);

        Assert.Equal(new SseEvent("1.4.0", "stdout", """{"text":"one\n"}""", IsComment: false), first);
        Assert.Equal(new SseEvent("1.4.4", "stderr", """{"text":"oops"}""", IsComment: false), second);
        Assert.Equal(("end", "COMPLETED"), (last.Name, JsonDocument.Parse(last.Data!).RootElement.Text("status")));
        Assert.All(await events.RestAsync(), rest => Assert.True(rest.IsComment));
    }

    [Fact]
    public async Task Silence_is_filled_with_comments()
    {
        HeldAttempt held = await Api.HoldAsync("a");
        using SseReader events = await SseReader.OpenAsync(Api.Client, "/tasks/a/output");

        Assert.True((await events.NextAsync())!.IsComment);
        Assert.True((await events.NextAsync())!.IsComment);
        held.Complete();
        Assert.Equal("end", (await events.RestAsync())[^1].Name);
    }

    [Theory]
    [InlineData("", "1.4.0", "two\n", "oops")]
    [InlineData("?after=1.4.0", null, "two\n", "oops")]
    [InlineData("", "1.8.2", "ps")]
    [InlineData("", "1.8.4")]
    [InlineData("", "2147483647.2147483647.2147483647", "one\ntwo\n", "oops")]
    [InlineData("", "nonsense", "one\ntwo\n", "oops")]
    [InlineData("", null, "one\ntwo\n", "oops")]
    public async Task Output_of_an_ended_task_goes_on_where_it_was_left(string query, string? last, params string[] expected)
    {
        await EndedAsync();
        using SseReader events = await SseReader.OpenAsync(Api.Client, $"/tasks/a/output{query}", last);

        List<SseEvent> rest = await events.RestAsync();

        Assert.Equal(expected, rest.SkipLast(1).Select(output => JsonDocument.Parse(output.Data!).RootElement.Text("text")));
        Assert.Equal("end", rest[^1].Name);
    }

    [Fact]
    public async Task Output_of_a_running_task_goes_on_where_it_was_left()
    {
        HeldAttempt held = await Api.HoldAsync("a");
        await held.PrintAsync("one\n");
        using (SseReader seen = await SseReader.OpenAsync(Api.Client, "/tasks/a/output"))
        {
            Assert.Equal("1.4.0", (await NextAsync(seen)).Id);
        }

        await held.PrintAsync("two\n");
        using SseReader events = await SseReader.OpenAsync(Api.Client, "/tasks/a/output", "1.4.0");

        Assert.Equal(new SseEvent("1.8.0", "stdout", """{"text":"two\n"}""", IsComment: false), await NextAsync(events));
    }

    [Theory]
    [InlineData("?format=text", null)]
    [InlineData("", "text/plain")]
    public async Task Text_is_what_the_task_printed(string query, string? accept)
    {
        await EndedAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, $"/tasks/a/output{query}");
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        using HttpResponseMessage answer = await Api.Client.SendAsync(request);

        Assert.Equal("text/plain; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("one\ntwo\noops", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Text_comes_while_the_task_runs()
    {
        HeldAttempt held = await Api.HoldAsync("a");
        using HttpResponseMessage answer = await Api.Client.GetAsync("/tasks/a/output?format=text", HttpCompletionOption.ResponseHeadersRead);
        await using Stream body = await answer.Content.ReadAsStreamAsync();

        await held.PrintAsync("é");

        byte[] read = new byte[2];
        await body.ReadExactlyAsync(read).AsTask().WaitAsync(Soon);
        Assert.Equal("é"u8.ToArray(), read);
        held.Complete();
        Assert.Equal(0, await body.ReadAsync(read).AsTask().WaitAsync(Soon));
    }

    [Theory]
    [InlineData("after=x", "after")]
    [InlineData("after=1.-1.0", "after")]
    [InlineData("after=1.99999999999.0", "after")]
    [InlineData("format=html", "format")]
    [InlineData("from=1", "from")]
    public async Task Bad_parameter_is_refused(string query, string field)
    {
        using HttpResponseMessage answer = await Api.GetAsync($"/tasks/a/output?{query}");

        Assert.Equal(field, Assert.Single(await answer.BadFieldsAsync()));
    }

    [Fact]
    public async Task Client_that_goes_away_costs_nobody_anything()
    {
        HeldAttempt held = await Api.HoldAsync("a");
        using (HttpClient leaver = Api.NewClient())
        {
            SseReader left = await SseReader.OpenAsync(leaver, "/tasks/a/output");
            await left.NextAsync();
            left.Dispose();
        }

        using SseReader stays = await SseReader.OpenAsync(Api.Client, "/tasks/a/output");
        await held.PrintAsync("still here");
        held.Complete();

        List<SseEvent> rest = await stays.RestAsync();
        Assert.Contains(rest, found => found.Data?.Contains("still here", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Reader_that_does_not_read_holds_up_neither_task_nor_others()
    {
        HeldAttempt held = await Api.HoldAsync("a");
        using HttpResponseMessage asleep = await Api.Client.GetAsync("/tasks/a/output", HttpCompletionOption.ResponseHeadersRead);

        string line = new('x', 1 << 16);
        for (int i = 0; i < 100; i++)
        {
            await held.PrintAsync(line).WaitAsync(Soon);
        }

        held.Complete();
        using HttpResponseMessage result = await Api.GetAsync("/tasks/a/result?wait=20");
        Assert.Equal(HttpStatusCode.OK, result.StatusCode);
        using HttpClient other = Api.NewClient();
        using SseReader events = await SseReader.OpenAsync(other, "/tasks/a/output");
        Assert.Equal("end", (await events.RestAsync())[^1].Name);
    }

    [Fact]
    public async Task Stop_of_the_server_ends_the_stream_without_an_end_of_the_task()
    {
        HeldAttempt held = await Api.HoldAsync("a");
        await held.PrintAsync("one\n");
        using SseReader events = await SseReader.OpenAsync(Api.Client, "/tasks/a/output");
        await NextAsync(events);

        await Api.Server.StopAsync(CancellationToken.None).WaitAsync(Soon);

        Assert.All(await events.RestAsync(), rest => Assert.True(rest.IsComment));
    }

    [Fact]
    public async Task Stop_of_the_server_breaks_a_text_off_so_that_it_does_not_look_whole()
    {
        HeldAttempt held = await Api.HoldAsync("a");
        await held.PrintAsync("one\n");
        using HttpResponseMessage answer = await Api.Client.GetAsync("/tasks/a/output?format=text", HttpCompletionOption.ResponseHeadersRead);
        await using Stream text = await answer.Content.ReadAsStreamAsync();
        byte[] first = new byte[4];
        await text.ReadExactlyAsync(first);

        await Api.Server.StopAsync(CancellationToken.None).WaitAsync(Soon);

        IOException broken = await Assert.ThrowsAnyAsync<IOException>(async () => await text.ReadExactlyAsync(first));
        // Which the end of a whole answer would give.
        Assert.IsNotType<EndOfStreamException>(broken);
    }

    /// <summary>A task that has printed to both streams and ended.</summary>
    private async Task EndedAsync()
    {
        HeldAttempt held = await Api.HoldAsync("a");
        await held.PrintAsync("one\n");
        await held.PrintAsync("two\n");
        await held.PrintAsync("oops", OutputStream.Stderr);
        held.Complete();
        using HttpResponseMessage result = await Api.GetAsync("/tasks/a/result?wait=20");
        Assert.Equal(HttpStatusCode.OK, result.StatusCode);
    }

    /// <summary>The next event that is no comment.</summary>
    private static async Task<SseEvent> NextAsync(SseReader events)
    {
        SseEvent? found;
        do
        {
            found = await events.NextAsync();
            Assert.NotNull(found);
        }
        while (found.IsComment);
        return found;
    }
}
