using Executor.Hosting;
using Executor.Http;

namespace Executor.Cli.Remote;

/// <summary>Tells a person once that a server can't be reached, and once that it can again.</summary>
internal sealed class TroubleReport
{
    private string? _told;

    /// <summary>See <see cref="HttpServiceOptions.TroubleChanged"/>.</summary>
    public void Changed(string? trouble)
    {
        string? before = Interlocked.Exchange(ref _told, trouble);
        if ((before is null) != (trouble is null))
        {
            Reporter.Say(trouble ?? "the server answers again");
        }
    }
}
