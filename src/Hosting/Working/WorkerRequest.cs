using Executor.Executors;
using Executor.Text;

namespace Executor.Hosting.Working;

/// <summary>What <c>executor worker</c> was asked for.</summary>
internal sealed record WorkerRequest
{
    /// <summary>The environment variable that has the API key when the command line doesn't.</summary>
    public const string ApiKeyVariable = "EXECUTOR_API_KEY";

    /// <summary>The server's WebSocket address.</summary>
    public required Uri Address { get; init; }

    /// <summary>What it lets itself in with; null: nothing.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>What it says of itself, but for what its configuration tells.</summary>
    public required ExecutorRegistration Registration { get; init; }

    /// <summary>The interpreter of Python tasks; null: the configuration's.</summary>
    public string? Python { get; init; }

    /// <summary>What <c>--config</c> said.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>Whether standard input is a supervisor's: the line <c>drain</c> asks for an orderly end, its end for one at once.</summary>
    public bool IsSupervised { get; init; }
}
