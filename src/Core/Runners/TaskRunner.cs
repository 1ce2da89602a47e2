using Executor.Tasks;

namespace Executor.Runners;

/// <summary>Runs tasks on a backend: everything that is the same on this machine, in Docker and over SSH.</summary>
public sealed partial class TaskRunner
{
}
