using System.Text.Json;
using Executor.Tasks;

namespace Executor.Jobs;

/// <summary>A kind of job: what it can be asked with, and how it is done. Safe to call from many threads.</summary>
public interface IJobType
{
    /// <summary>Its name (<c>docker_image.download</c>).</summary>
    string Type { get; }

    /// <summary>Everything that is wrong with the parameters, by field (<c>params.image</c>); empty when they can be used.</summary>
    /// <param name="parameters">An object; null: none.</param>
    IReadOnlyList<ValidationFault> Validate(JsonElement? parameters);

    /// <summary>What tells one job of this type from another: while one runs, another of the same key joins it.</summary>
    /// <param name="parameters">Valid ones.</param>
    string KeyOf(JsonElement? parameters);

    /// <summary>Does it. Returning is COMPLETED.</summary>
    /// <param name="job">What was asked, and where progress and log go.</param>
    /// <param name="cancellationToken">Somebody cancelled it, or the server stops.</param>
    /// <exception cref="JobFailedException">It can't be done; the message says what to do.</exception>
    Task RunAsync(JobContext job, CancellationToken cancellationToken);
}
