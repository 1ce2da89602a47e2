using Executor.Api.Problems;

namespace Executor.Api.Requests;

/// <summary>Ids in paths.</summary>
internal static class ResourceId
{
    private const int MaxLength = 256;

    /// <summary>The id, if anything can have it: databases refuse some texts, and nobody is to make them.</summary>
    /// <exception cref="ProblemException">Nothing can: not found.</exception>
    public static string Require(string what, string id) =>
        id.Length is > 0 and <= MaxLength && !id.Any(char.IsControl) ? id : throw ProblemKinds.NotFound(what, id);
}
