using System.Globalization;
using Executor.Executors;
using Executor.Hosting;
using Executor.Runners.Docker;
using Executor.Runners.Docker.Images;

namespace Executor.Cli.Images;

/// <summary>Pulls an image for somebody who waits for it: a line that is redrawn on a terminal, else a line for each layer that is there.</summary>
internal static class ImagePull
{
    public static async Task<int> RunAsync(DockerCodeExecutorOptions executor)
    {
        using Interruption interruption = new();
        await using DockerBackend backend = new(TimeProvider.System);
        bool isTerminal = !Console.IsErrorRedirected;
        try
        {
            await backend.PullAsync(executor.Image, step => Show(executor.Image, step, isTerminal), interruption.Token);
        }
        catch (OperationCanceledException) when (interruption.ExitCode is int code)
        {
            Reporter.Write(isTerminal ? "\r\e[K" : "");
            Reporter.Say($"stopped pulling {executor.Image}");
            return code;
        }

        Reporter.Write(isTerminal ? "\r\e[K" : "");
        OutputChannel.Stdout.WriteLines([$"{executor.Image} is there"]);
        return ExitCodes.Success;
    }

    private static void Show(string image, PullProgress step, bool isTerminal)
    {
        if (isTerminal)
        {
            string bytes = step.TotalBytes is long total ? string.Create(CultureInfo.InvariantCulture, $" {step.CurrentBytes / 1e6:0.0}/{total / 1e6:0.0} MB") : "";
            Reporter.Write(string.Create(CultureInfo.InvariantCulture, $"\r\e[K{image} {step.Fraction:P0}  {step.Layer}: {step.Status}{bytes}"));
        }
        else if (step.Status is "Pull complete" or "Already exists")
        {
            Reporter.Say(string.Create(CultureInfo.InvariantCulture, $"{step.Layer}: {step.Status} ({step.Fraction:P0})"));
        }
    }
}
