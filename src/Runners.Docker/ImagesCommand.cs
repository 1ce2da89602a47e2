using Executor.Runners.Docker.Options;
using Executor.Runners.Modules;
using Executor.Tasks;

namespace Executor.Runners.Docker;

/// <summary><c>executor images</c>: the images of the Docker code executors.</summary>
internal static class ImagesCommand
{
    private const string Name = "NAME";
    private const string Json = "--json";

    public static ModuleCommand Create() => new("images", "List and pull the images of the Docker code executors.")
    {
        Examples = """
              executor images list
              executor images pull docker_python_default
            """,
        Commands =
        [
            new("list", "List the Docker code executors: image, whether the engine has it, its size.")
            {
                Inputs = [ModuleInput.Configuration, new(ModuleInputKind.Flag, Json, "Print them as one JSON array.")],
                RunAsync = command => ImageList.ShowAsync(Executors(command), command.Flag(Json), command),
            },
            new("pull", "Pull the image of a Docker code executor. Ctrl-C stops it.")
            {
                Inputs = [new(ModuleInputKind.Argument, Name, "The code executor whose image to pull."), ModuleInput.Configuration],
                RunAsync = command => ImagePull.RunAsync(Find(command.Text(Name)!, Executors(command)), command),
            },
        ],
    };

    private static List<DockerCodeExecutorOptions> Executors(IModuleCommandLine command) => [.. command.CodeExecutors.Cast<DockerCodeExecutorOptions>()];

    private static DockerCodeExecutorOptions Find(string name, List<DockerCodeExecutorOptions> executors) =>
        executors.Find(executor => executor.Name == name) ?? throw new InvalidInputException(
        [
            new(Name, $"there is no Docker code executor '{name}'; there are: {string.Join(", ", executors.Select(executor => executor.Name).DefaultIfEmpty("none (code_executors.docker of the configuration)"))}"),
        ]);
}
