using System.CommandLine;
using Executor.Executors;
using Executor.Hosting;
using Executor.Hosting.Commands;

namespace Executor.Cli.Images;

/// <summary><c>executor images</c>: the images of the Docker code executors.</summary>
internal sealed class ImagesCommand : Command, IHaveExamples
{
    public ImagesCommand()
        : base("images", "List and pull the images of the Docker code executors.")
    {
        Add(ListCommand());
        Add(PullCommand());
    }

    /// <inheritdoc/>
    public string Examples => """
          executor images list
          executor images pull docker_python_default
        """;

    private static Command ListCommand()
    {
        Option<string?> config = CommonOptions.Config();
        Option<bool> json = CommonOptions.Json("Print them as one JSON array.");
        Command command = new("list", "List the Docker code executors: image, whether the engine has it, its size.");
        command.AddAll(config, json);
        command.SetAction(parsed => ImageList.ShowAsync(Executors(parsed.GetValue(config)), parsed.GetValue(json)).GetAwaiter().GetResult());
        return command;
    }

    private static Command PullCommand()
    {
        Argument<string> name = new("NAME") { Description = "The code executor whose image to pull." };
        Option<string?> config = CommonOptions.Config();
        Command command = new("pull", "Pull the image of a Docker code executor. Ctrl-C stops it.");
        command.Add(name);
        command.AddAll(config);
        command.SetAction(parsed => ImagePull.RunAsync(Find(parsed.GetRequiredValue(name), Executors(parsed.GetValue(config)))).GetAwaiter().GetResult());
        return command;
    }

    private static List<DockerCodeExecutorOptions> Executors(string? configPath) =>
        [.. ConfigurationFile.Load(configPath).Configuration.CodeExecutors.OfType<DockerCodeExecutorOptions>()];

    private static DockerCodeExecutorOptions Find(string name, List<DockerCodeExecutorOptions> executors) =>
        executors.Find(executor => executor.Name == name) ?? throw new UsageException(
            $"NAME: there is no Docker code executor '{name}'; there are: {string.Join(", ", executors.Select(executor => executor.Name).DefaultIfEmpty("none (code_executors.docker of the configuration)"))}");
}
