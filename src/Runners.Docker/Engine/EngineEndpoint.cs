using Executor.Tasks;

namespace Executor.Runners.Docker.Engine;

/// <summary>Finds the engine as Docker's own command line does.</summary>
internal static class EngineEndpoint
{
    /// <summary>The environment variable that names it.</summary>
    public const string Variable = "DOCKER_HOST";

    /// <summary>What <c>DOCKER_HOST</c> says, else the system's socket, else the user's own (rootless) one.</summary>
    /// <exception cref="RunnerException"><c>DOCKER_HOST</c> can't be used.</exception>
    public static Uri Find() => Find(Environment.GetEnvironmentVariable(Variable), Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR"));

    /// <summary>The same, of these values.</summary>
    internal static Uri Find(string? named, string? runtimeFolder)
    {
        if (!string.IsNullOrWhiteSpace(named))
        {
            return Uri.TryCreate(named.Trim(), UriKind.Absolute, out Uri? uri) && uri.Scheme is "unix" or "tcp" or "http" or "https" or "npipe"
                ? uri
                : throw new RunnerException(
                    TaskErrorTypes.EngineUnavailable,
                    $"{Variable} is '{named}', which is not an engine's address: it has the form unix:///var/run/docker.sock or tcp://HOST:2375.");
        }

        if (OperatingSystem.IsWindows())
        {
            return new Uri("npipe://./pipe/docker_engine");
        }

        const string system = "/var/run/docker.sock";
        string own = $"{runtimeFolder}/docker.sock";
        return new Uri($"unix://{(!string.IsNullOrEmpty(runtimeFolder) && !File.Exists(system) && File.Exists(own) ? own : system)}");
    }
}
