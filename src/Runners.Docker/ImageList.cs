using System.Globalization;
using System.Text.Json;
using Executor.Clocks;
using Executor.Runners.Docker.Images;
using Executor.Runners.Docker.Options;
using Executor.Runners.Modules;

namespace Executor.Runners.Docker;

/// <summary>Shows what the engine has of the code executors' images.</summary>
internal static class ImageList
{
    public static async Task<int> ShowAsync(IReadOnlyList<DockerCodeExecutorOptions> executors, bool asJson, IModuleCommandLine command)
    {
        await using DockerBackend backend = new(SteadyTime.System);
        ExecutorImage[] images = await Task.WhenAll(executors.Select(executor => backend.FindImageAsync(executor, CancellationToken.None)));
        if (asJson)
        {
            command.WriteJson(json => WriteTo(json, images));
        }
        else if (images.Length == 0)
        {
            command.Say("the configuration has no Docker code executors (code_executors.docker)");
        }
        else
        {
            command.WriteLines(Lines(images));
        }

        return 0;
    }

    /// <summary>A line each: code executor, image, and its size or that it is absent.</summary>
    private static IEnumerable<string> Lines(IReadOnlyList<ExecutorImage> images)
    {
        int name = images.Max(image => image.Executor.Name.Length);
        int repository = images.Max(image => image.Executor.Image.Length);
        return images.Select(image =>
        {
            string state = image.Id is null
                ? $"absent; to get it: executor images pull {image.Executor.Name}"
                : string.Create(CultureInfo.InvariantCulture, $"{image.SizeBytes / 1e6:0.0} MB  {image.Id.Split(':')[^1][..12]}");
            return $"{image.Executor.Name.PadRight(name)}  {image.Executor.Image.PadRight(repository)}  {state}";
        });
    }

    private static void WriteTo(Utf8JsonWriter json, IEnumerable<ExecutorImage> images)
    {
        json.WriteStartArray();
        foreach (ExecutorImage image in images)
        {
            json.WriteStartObject();
            json.WriteString("code_executor", image.Executor.Name);
            json.WriteString("image", image.Executor.Image);
            json.WriteBoolean("available", image.Id is not null);
            json.WriteString("image_id", image.Id);
            if (image.Id is not null)
            {
                json.WriteNumber("size_bytes", image.SizeBytes);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
