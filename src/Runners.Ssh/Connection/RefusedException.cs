using Executor.Tasks;

namespace Executor.Runners.Ssh.Connection;

/// <summary>The host refuses us, or we refuse the host: somebody has to change something before a new attempt can succeed.</summary>
/// <param name="refusal">What to tell.</param>
internal sealed class RefusedException(RunnerException refusal) : Exception(refusal.Message, refusal)
{
    public RunnerException Refusal => refusal;
}
