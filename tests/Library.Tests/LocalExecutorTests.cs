using System.Text.Json;
using Executor.Tasks;

namespace Executor.Library;

public sealed class LocalExecutorTests
{
    private readonly LocalExecutor _executor = new();

    private enum Colour
    {
        Red,
        Green,
    }

    [Fact]
    public async Task Function_is_called_with_arguments_by_name()
    {
        _executor.Register("subtract", (int a, int b) => a - b);

        TaskResult result = await _executor.ExecuteAsync("subtract", new { b = 2, a = 44 });

        Assert.Equal(ExecutionStatus.Completed, result.Status);
        Assert.Equal(42, result.Result!.Value.GetInt32());
        Assert.Equal("dotnet", result.RuntimeId);
        Assert.True(result.StartTimeMs > 0 && result.EndTimeMs >= result.StartTimeMs);
    }

    [Fact]
    public async Task Function_is_called_as_a_task_by_its_entrypoint()
    {
        _executor.Register("math.add", (int a, int b) => a + b);
        TaskSpec task = new()
        {
            TaskId = "t1",
            Name = "sum",
            Entrypoint = "local:math.add",
            Params = JsonSerializer.SerializeToElement(new { a = 1, b = 2 }),
            Details = JsonSerializer.SerializeToElement("kept"),
        };

        TaskResult result = await _executor.ExecuteAsync(task);

        Assert.Equal("3", result.Result.ToString());
        Assert.Equal(("t1", "sum", "kept"), (result.TaskId, result.Name, result.Details.ToString()));
    }

    [Fact]
    public async Task Function_of_the_plain_form_gets_the_params_as_they_are()
    {
        _executor.Register("echo", (parameters, _) => Task.FromResult<object?>(parameters));

        TaskResult result = await _executor.ExecuteAsync("echo", new { a = new[] { 1, 2 } });

        Assert.Equal("""{"a":[1,2]}""", result.Result!.Value.GetRawText());
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Function_of_any_form_has_its_value_as_the_result(Delegate function, string json)
    {
        TaskResult result = await _executor.ExecuteAsync(function);

        Assert.Null(result.Error);
        Assert.Equal(json, result.Result!.Value.GetRawText());
    }

    public static TheoryData<Delegate, string> Forms() => new()
    {
        { () => 1, "1" },
        { () => { }, "null" },
        { () => (string?)null, "null" },
        { async () => { await Task.Yield(); return "late"; }, "\"late\"" },
        { async Task () => await Task.Yield(), "null" },
        { async ValueTask<int> () => { await Task.Yield(); return 5; }, "5" },
        { async ValueTask () => await Task.Yield(), "null" },
        { () => new { FirstName = "Ada", Shade = Colour.Green }, """{"first_name":"Ada","shade":"Green"}""" },
        { (CancellationToken stop) => stop.CanBeCanceled, "true" },
        { new Func<int, int, int>((x, y) => x + y).Bind(3, 4), "7" },
    };

    [Fact]
    public async Task Arguments_may_be_left_out_where_there_is_a_default_and_named_in_snake_case()
    {
        TaskResult result = await _executor.ExecuteAsync((int firstNumber, int times = 3) => firstNumber * times, new { first_number = 5 });

        Assert.Equal("15", result.Result.ToString());
    }

    [Fact]
    public async Task Every_argument_that_does_not_fit_is_named_with_what_would()
    {
        _executor.Register("area", (double width, double height, string unit) => $"{width * height} {unit}");

        TaskResult result = await _executor.ExecuteAsync("area", new { width = "wide", heigth = 2, unit = (string?)null });

        Assert.Equal(TaskErrorTypes.InvalidTask, result.Error!.Type);
        Assert.Equal(
            "params.heigth: unknown parameter; did you mean height? Known parameters: height, unit, width; "
            + "params.width: must be a number, was the text \"wide\"; "
            + "params.height: is missing; it must be a number; "
            + "params.unit: must be a text, was null",
            result.Error.Message);
    }

    [Fact]
    public async Task Exception_is_the_result_with_its_type_message_and_the_functions_own_trace()
    {
        TaskResult result = await _executor.ExecuteAsync(Faulty.Divide, new { a = 1, b = 0 });

        Assert.Equal(ExecutionStatus.Failed, result.Status);
        Assert.Equal("System.DivideByZeroException", result.Error!.Type);
        Assert.Equal("Attempted to divide by zero.", result.Error.Message);
        string[] trace = result.Error.Traceback!.Split('\n');
        Assert.StartsWith("System.DivideByZeroException: Attempted", trace[0]);
        Assert.Contains("Faulty.Divide(Int32 a, Int32 b)", Assert.Single(trace[1..]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exception_of_an_asynchronous_function_has_the_functions_own_trace()
    {
        TaskResult result = await _executor.ExecuteAsync(Faulty.FailLaterAsync);

        Assert.Equal("System.InvalidOperationException", result.Error!.Type);
        Assert.Contains("Faulty.FailLaterAsync()", Assert.Single(result.Error.Traceback!.Split('\n')[1..]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Function_that_gives_up_by_itself_has_failed_and_is_not_cancelled()
    {
        TaskResult result = await _executor.ExecuteAsync(void () => throw new OperationCanceledException("enough"));

        Assert.Equal(ExecutionStatus.Failed, result.Status);
        Assert.Equal("System.OperationCanceledException", result.Error!.Type);
    }

    [Fact]
    public async Task Value_that_is_no_json_fails_the_task()
    {
        TaskResult result = await _executor.ExecuteAsync(() => new { Self = (Func<int>)(() => 1) });

        Assert.Equal(TaskErrorTypes.ResultError, result.Error!.Type);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Function_that_reaches_its_timeout_is_asked_to_stop(bool isSynchronous)
    {
        LocalExecutor executor = new() { Timeout = TimeSpan.FromMilliseconds(30) };
        Delegate function = isSynchronous
            ? (CancellationToken stop) =>
            {
                stop.WaitHandle.WaitOne();
                stop.ThrowIfCancellationRequested();
            }
            : (CancellationToken stop) => Task.Delay(Timeout.Infinite, stop);

        TaskResult result = await executor.ExecuteAsync(function);

        Assert.Equal(ExecutionStatus.Failed, result.Status);
        Assert.True(result.TimedOut);
        Assert.Equal(TaskErrorTypes.Timeout, result.Error!.Type);
        Assert.Equal("stopped after its timeout of 0.03 s", result.Error.Message);
        Assert.Equal(0, executor.Abandoned);
    }

    [Fact]
    public async Task Task_that_is_cancelled_ends_so_though_its_function_goes_on()
    {
        using CancellationTokenSource cancel = new();
        using ManualResetEventSlim release = new();
        TaskCompletionSource running = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        Task<TaskResult> call = _executor.ExecuteAsync(
            () =>
            {
                running.SetResult();
                release.Wait();
                ended.SetResult();
            },
            null,
            cancel.Token);
        await running.Task;
        await cancel.CancelAsync();
        TaskResult result = await call;

        Assert.Equal(ExecutionStatus.Cancelled, result.Status);
        Assert.Equal(TaskErrorTypes.Cancelled, result.Error!.Type);
        Assert.Equal(1, _executor.Abandoned);
        release.Set();
        await ended.Task;
        await Poll.UntilAsync("it is not abandoned any more", () => _executor.Abandoned == 0, TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("local:ad", "entrypoint: unknown function; did you mean add? Known functions: add")]
    [InlineData("package.module:main", "entrypoint: must name a function of this process (local:NAME): there is nothing else here that runs tasks")]
    public async Task Task_that_names_no_function_is_told_what_there_is(string entrypoint, string message)
    {
        _executor.Register("add", (int a, int b) => a + b);

        TaskResult result = await _executor.ExecuteAsync(new TaskSpec { Entrypoint = entrypoint });

        Assert.Equal((TaskErrorTypes.InvalidTask, message), (result.Error!.Type, result.Error.Message));
    }

    [Fact]
    public async Task Tasks_that_name_no_function_go_to_the_other_handler()
    {
        LocalExecutor executor = new((assignment, _, _) => Task.FromResult(new TaskResult { TaskId = assignment.Spec.TaskId!, Status = ExecutionStatus.Completed, Stdout = "other" }));
        executor.Register("one", () => 1);

        Assert.Equal("other", (await executor.ExecuteAsync(new TaskSpec { TaskId = "t", Code = "print(1)" })).Stdout);
        Assert.Equal("1", (await executor.ExecuteAsync("one")).Result.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("a:b")]
    [InlineData("taken")]
    public void Name_that_is_none_or_taken_is_refused(string name)
    {
        _executor.Register("taken", () => 1);

        Assert.Throws<ArgumentException>(() => _executor.Register(name, () => 2));
        Assert.Equal(["taken"], _executor.Functions);
    }
}

/// <summary>Functions whose names are looked for in traces.</summary>
internal static class Faulty
{
    public static int Divide(int a, int b) => a / b;

    public static async Task FailLaterAsync()
    {
        await Task.Yield();
        throw new InvalidOperationException("later");
    }

    /// <summary>A static function bound to its first argument, as an extension method used as a delegate is.</summary>
    public static Delegate Bind(this Func<int, int, int> function, int a, int b) => new Bound(function, a, b).Call;

    private sealed record Bound(Func<int, int, int> Function, int A, int B);

    private static int Call(this Bound bound) => bound.Function(bound.A, bound.B);
}
