using Executor.Clocks;
using Executor.Engine;
using Executor.Executors;
using Executor.Runners.Probing;
using Executor.Runtimes;

namespace Executor.Hosting.Working;

/// <summary>Puts a worker together and lets it live.</summary>
internal static class WorkerProgram
{
    /// <summary>Works until it is asked to end, and gives our exit code.</summary>
    /// <exception cref="UsageException">The request is not valid.</exception>
    public static async Task<int> ExecuteAsync(WorkerRequest request)
    {
        await using LocalHost host = LocalHost.Open(request.ConfigPath, python: request.Python);
        await CheckPythonAsync(host, request.Python);
        ExecutorRegistration registration = request.Registration with
        {
            Runners = [.. host.Runners],
            CodeExecutors = host.CodeExecutors,
        };
        TaskWorker worker = new(host.AttemptsOf(registration.ExecutorId));
        using WorkerLife life = new(
            new ServerConnector(request.Address, request.ApiKey), registration, worker, Reporter.Say, SteadyTime.System);
        using WorkerSignals signals = new(() => life.Drain("asked to end"), life.Stop);
        if (request.IsSupervised)
        {
            // Not awaited: it ends with the input, which the supervisor keeps open for as long as it lives.
            _ = SupervisorInput.ListenAsync(
                new StreamReader(Console.OpenStandardInput()), () => life.Drain("the supervisor asks to end"), () => life.Stop(ExitCodes.Success));
        }

        return await life.RunAsync();
    }

    private static async Task CheckPythonAsync(LocalHost host, string? python)
    {
        if (python is not null && host.Runtimes.Find("python") is RuntimeDefinition runtime)
        {
            ProbeResult found = await RuntimeProbe.Shared.FindAsync(runtime, python, CancellationToken.None);
            if (!found.Found)
            {
                throw new UsageException($"--python: {found.Problem}");
            }
        }
    }
}
