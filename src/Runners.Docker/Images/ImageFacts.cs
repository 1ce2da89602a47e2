using Docker.DotNet.Models;
using Executor.Runners.Workspaces;

namespace Executor.Runners.Docker.Images;

/// <summary>What is known of an image.</summary>
/// <param name="Name">What it was asked for by.</param>
/// <param name="Id">Its content's digest.</param>
/// <param name="Env">The environment that its processes start with.</param>
internal sealed record ImageFacts(string Name, string Id, IReadOnlyDictionary<string, string> Env)
{
    /// <summary>Folders in which its programs are looked for.</summary>
    public IReadOnlyList<string> Path { get; } = Env.GetValueOrDefault("PATH", BaseEnvironment.Variables["PATH"]).Split(':', StringSplitOptions.RemoveEmptyEntries);

    public static ImageFacts Of(string name, ImageInspectResponse image)
    {
        Dictionary<string, string> env = [];
        foreach (string variable in image.Config?.Env ?? [])
        {
            int equals = variable.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                env[variable[..equals]] = variable[(equals + 1)..];
            }
        }

        return new ImageFacts(name, image.ID, env);
    }

    /// <summary>
    /// The environment of a task's process: what the image sets, then what the task sets. The plain values every task starts from yield to
    /// the image's: its PATH knows where its programs are.
    /// </summary>
    public Dictionary<string, string> EnvironmentFor(IReadOnlyDictionary<string, string> task)
    {
        var env = new Dictionary<string, string>(Env);
        foreach ((string name, string value) in task)
        {
            string? usual = BaseEnvironment.Variables.GetValueOrDefault(name);
            if (name == "PATH" && Env.TryGetValue(name, out string? own) && value.EndsWith(usual!, StringComparison.Ordinal))
            {
                env[name] = value[..^usual!.Length] + own;
            }
            else if (value != usual || !env.ContainsKey(name) || name is "HOME" or "TMPDIR")
            {
                env[name] = value;
            }
        }

        return env;
    }
}
