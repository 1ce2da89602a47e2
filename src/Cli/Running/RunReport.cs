using System.Text.Json;
using Executor.Hosting;
using Executor.Tasks;

namespace Executor.Cli.Running;

/// <summary>Shows the caller of <c>run</c> what came of the task, after its output has been passed on.</summary>
internal static class RunReport
{
    /// <summary>Writes the callable's value, and what the program could not say itself.</summary>
    /// <param name="result">What came of it.</param>
    /// <param name="printsValue">Whether a callable was called, so that its value is printed.</param>
    /// <param name="live">Where its output went.</param>
    public static void Show(TaskResult result, bool printsValue, LiveOutput live)
    {
        if (result.Success && printsValue)
        {
            live.WriteLine(JsonOutput.Line(json => (result.Result ?? JsonElement.Parse("null"u8)).WriteTo(json)));
        }

        if (live.Failure is IOException failure)
        {
            if (failure is not BrokenPipeException)
            {
                Reporter.Say(failure.Message);
            }

            return;
        }

        if (result.Compile is { ExitCode: not 0 } compile)
        {
            Reporter.Write(compile.Stdout + compile.Stderr);
        }

        if (RunOutcome.TracebackOf(result) is string traceback)
        {
            Reporter.Write($"{traceback}\n");
        }
        else if (RunOutcome.ExplanationOf(result) is string explanation)
        {
            Reporter.Say(explanation);
        }

        if (result.OutputTruncated)
        {
            Reporter.Say("there was more output than output_kb allows; the rest is not shown");
        }
    }

    /// <summary>Writes the result as one line of JSON.</summary>
    public static void WriteJson(TaskResult result) =>
        OutputChannel.Stdout.Write([.. JsonSerializer.SerializeToUtf8Bytes(result, ExecutorJson.Wire.TaskResult), (byte)'\n']);
}
