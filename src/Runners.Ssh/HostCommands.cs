using Executor.Runners.Modules;
using Executor.Runners.Ssh.Install;

namespace Executor.Runners.Ssh;

/// <summary><c>executor ssh</c>: what is done on the hosts of <c>code_executors.ssh</c>.</summary>
internal static class HostCommands
{
    private const string Name = "NAME";
    private const string Package = "--package";
    private const string Python = "--python";
    private const string Folder = "--path";

    public static ModuleCommand Create() => new("ssh", "Prepare the hosts that tasks run on over SSH.") { Commands = [InstallRuntime()] };

    /// <summary><c>executor ssh install-runtime NAME</c>: a Python environment with packages on a host.</summary>
    private static ModuleCommand InstallRuntime() => new("install-runtime", "Make a Python environment on a host, and install packages into it.")
    {
        Inputs =
        [
            new(ModuleInputKind.Argument, Name, "The code executor (code_executors.ssh.NAME)."),
            new(ModuleInputKind.Texts, Package, "A package to install, as pip names it.", "PACKAGE"),
            new(ModuleInputKind.Text, Python, "The host's Python to make the environment with. Default: its python3.", "PATH"),
            new(ModuleInputKind.Text, Folder, "Where on the host. Default: what code_executor_path is in, else ~/.local/share/executor/runtimes/NAME.", "FOLDER"),
            ModuleInput.Configuration,
        ],
        Examples = """
              executor ssh install-runtime build --package pandas --package 'numpy>=2'

            Exit code: 0 it is ready, 1 it can't be installed, 130 interrupted.
            """,
        RunAsync = command => command.RunJobAsync(InstallRuntimeJob.TypeName, json =>
        {
            json.WriteString("code_executor", command.Text(Name));
            json.WriteString("python", command.Text(Python));
            json.WriteString("path", command.Text(Folder));
            json.WriteStartArray("packages");
            foreach (string package in command.Texts(Package))
            {
                json.WriteStringValue(package);
            }

            json.WriteEndArray();
        }),
    };
}
