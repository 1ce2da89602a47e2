using System.Globalization;
using Executor.Clocks;
using Executor.Runners.Docker.Images;
using Executor.Runners.Docker.Options;
using Executor.Runners.Modules;

namespace Executor.Runners.Docker;

/// <summary>Pulls an image for somebody who waits for it: a line that is redrawn on a terminal, else a line for each layer that is there.</summary>
internal static class ImagePull
{
    public static async Task<int> RunAsync(DockerCodeExecutorOptions executor, IModuleCommandLine command)
    {
        await using DockerBackend backend = new(SteadyTime.System);
        try
        {
            await backend.PullAsync(executor.Image, step => Show(executor.Image, step, command), command.Interrupted);
        }
        catch (OperationCanceledException) when (command.Interrupted.IsCancellationRequested)
        {
            command.Redraw("");
            command.Say($"stopped pulling {executor.Image}");
            throw;
        }

        command.Redraw("");
        command.WriteLines([$"{executor.Image} is there"]);
        return 0;
    }

    private static void Show(string image, PullProgress step, IModuleCommandLine command)
    {
        if (command.IsTerminal)
        {
            string bytes = step.TotalBytes is long total ? string.Create(CultureInfo.InvariantCulture, $" {step.CurrentBytes / 1e6:0.0}/{total / 1e6:0.0} MB") : "";
            command.Redraw(string.Create(CultureInfo.InvariantCulture, $"{image} {step.Fraction:P0}  {step.Layer}: {step.Status}{bytes}"));
        }
        else if (step.Status is "Pull complete" or "Already exists")
        {
            command.Say(string.Create(CultureInfo.InvariantCulture, $"{step.Layer}: {step.Status} ({step.Fraction:P0})"));
        }
    }
}
