using System.Net.Sockets;
using System.Text.Json;
using Docker.DotNet;
using Executor.Tasks;

namespace Executor.Runners.Docker.Engine;

/// <summary>Says what the engine's failures mean and which setting to look at.</summary>
internal static class EngineFailure
{
    /// <summary>What an engine says, in part, and the setting it is about.</summary>
    private static readonly (string Part, string Setting)[] Settings =
    [
        ("invalid mount config", "code_executors.docker.NAME.mounts: each is SOURCE:/TARGET, and the source must be there on the engine's host"),
        ("bind source path does not exist", "code_executors.docker.NAME.mounts: the source must be there on the engine's host"),
        ("mount path must be absolute", "code_executors.docker.NAME.mounts: each is SOURCE:/TARGET with absolute paths"),
        ("Duplicate mount point", "code_executors.docker.NAME.mounts: two have one target, or one is /work or /tmp, which are the task's own"),
        ("includes invalid characters for a local volume name", "code_executors.docker.NAME.mounts: a source is an absolute path or a volume's name"),
        ("error mounting", "code_executors.docker.NAME.mounts: the target can't be made in the image, whose files are read-only"),
        ("could not select device driver", "code_executors.docker.NAME.gpus: the engine's host has no GPU runtime (nvidia-container-toolkit)"),
        ("unable to find user", "code_executors.docker.NAME.user: the image has no such user; use a number"),
        ("no matching entries in passwd file", "code_executors.docker.NAME.user: the image has no such user; use a number"),
        ("network", "code_executors.docker.NAME.network: the engine must have that network (docker network ls)"),
        ("range of CPUs", "code_executors.docker.NAME.cpus_limit_cores: more than the engine's host has"),
        ("minimum memory limit", "code_executors.docker.NAME.mem_limit_mb or limits.memory_mb: too small for a container"),
        ("no space left on device", "the disk of the engine's host is full: free some (docker system prune) or move Docker's data-root"),
    ];

    /// <summary>The engine did not answer.</summary>
    public static RunnerException Unreachable(Uri endpoint, string why, Exception? inner) => new(
        TaskErrorTypes.EngineUnavailable,
        $"The Docker engine at {endpoint.OriginalString} can't be reached ({why.TrimEnd('.')}): start it (systemctl start docker), or set {EngineEndpoint.Variable} to where it listens.",
        inner);

    /// <summary>What a failed request means; null: the exception is none of the engine's.</summary>
    /// <param name="failed">What the request threw.</param>
    /// <param name="endpoint">Where the engine listens.</param>
    /// <param name="act">What was asked for, as in "could not …".</param>
    public static RunnerException? Translate(Exception failed, Uri endpoint, string act) => failed switch
    {
        RunnerException told => told,
        DockerApiException refused => Refused(refused, act),
        _ when SocketFault(failed) is { SocketErrorCode: SocketError.AccessDenied } => new RunnerException(
            TaskErrorTypes.EngineUnavailable,
            $"Permission to use the Docker engine at {endpoint.OriginalString} is denied: run as root or as a member of the group docker (usermod -aG docker USER, then log in again), or set {EngineEndpoint.Variable} to an engine of your own.",
            failed),
        _ when SocketFault(failed) is not null && endpoint.Scheme == "unix" && !File.Exists(endpoint.LocalPath) => Unreachable(endpoint, "there is no such socket", failed),
        _ when SocketFault(failed) is SocketException fault => Unreachable(endpoint, fault.Message, failed),
        HttpRequestException or IOException or TimeoutException or ObjectDisposedException => Unreachable(endpoint, failed.Message, failed),
        // What an engine that is being stopped sends may end in the middle of an answer.
        JsonException => Unreachable(endpoint, "its answer is cut off", failed),
        _ => null,
    };

    /// <summary>The engine's own words.</summary>
    public static string MessageOf(DockerApiException refused)
    {
        try
        {
            using JsonDocument body = JsonDocument.Parse(refused.ResponseBody ?? "");
            return body.RootElement.TryGetProperty("message", out JsonElement message) ? message.GetString() ?? "" : refused.ResponseBody ?? "";
        }
        catch (JsonException)
        {
            return refused.ResponseBody ?? refused.Message;
        }
    }

    private static RunnerException Refused(DockerApiException refused, string act)
    {
        string said = MessageOf(refused).Trim();
        string setting = Settings.FirstOrDefault(known => said.Contains(known.Part, StringComparison.OrdinalIgnoreCase)).Setting;
        return new RunnerException(
            TaskErrorTypes.RunnerFailed,
            $"The Docker engine could not {act}: {said}{(setting is null ? "" : $" (look at {setting})")}",
            refused);
    }

    private static SocketException? SocketFault(Exception? failed)
    {
        for (; failed is not null; failed = failed.InnerException)
        {
            if (failed is SocketException fault)
            {
                return fault;
            }
        }

        return null;
    }
}
