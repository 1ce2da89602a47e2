using System.CommandLine;
using System.Text.Json;
using Executor.Hosting.Commands;

namespace Executor.Cli.Commands;

/// <summary><c>executor ssh</c>: what is done on the hosts of <c>code_executors.ssh</c>.</summary>
internal sealed class SshCommand : Command
{
    public SshCommand()
        : base("ssh", "Prepare the hosts that tasks run on over SSH.") => Add(new InstallRuntimeCommand());

    /// <summary><c>executor ssh install-runtime NAME</c>: a Python environment with packages on a host.</summary>
    private sealed class InstallRuntimeCommand : Command, IHaveExamples
    {
        private readonly Argument<string> _name = new("NAME") { Description = "The code executor (code_executors.ssh.NAME)." };
        private readonly Option<string[]> _packages = CommonOptions.Several("--package", "PACKAGE", "A package to install, as pip names it.");
        private readonly Option<string?> _python = CommonOptions.Text("--python", "PATH", "The host's Python to make the environment with. Default: its python3.");
        private readonly Option<string?> _path = CommonOptions.Text(
            "--path", "FOLDER", "Where on the host. Default: what code_executor_path is in, else ~/.local/share/executor/runtimes/NAME.");

        private readonly Option<string?> _config = CommonOptions.Config();

        public InstallRuntimeCommand()
            : base("install-runtime", "Make a Python environment on a host, and install packages into it.")
        {
            Add(_name);
            this.AddAll(_packages, _python, _path, _config);
            SetAction(Run);
        }

        /// <inheritdoc/>
        public string Examples => """
              executor ssh install-runtime build --package pandas --package 'numpy>=2'

            Exit code: 0 it is ready, 1 it can't be installed, 130 interrupted.
            """;

        private int Run(ParseResult parsed)
        {
            using JsonDocument parameters = JsonDocument.Parse(JsonOutput.Line(json =>
            {
                json.WriteStartObject();
                json.WriteString("code_executor", parsed.GetRequiredValue(_name));
                json.WriteString("python", parsed.GetValue(_python));
                json.WriteString("path", parsed.GetValue(_path));
                json.WriteStartArray("packages");
                foreach (string package in parsed.GetValue(_packages) ?? [])
                {
                    json.WriteStringValue(package);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }));
            return ForegroundJob.RunAsync("ssh_runtime.install", parameters.RootElement, parsed.GetValue(_config)).GetAwaiter().GetResult();
        }
    }
}
