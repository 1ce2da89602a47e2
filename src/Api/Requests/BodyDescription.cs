namespace Executor.Api.Requests;

/// <summary>What an endpoint reads from the body, for the API's description.</summary>
/// <param name="Type">The type.</param>
/// <param name="MediaTypes">How it may be written.</param>
internal sealed record BodyDescription(Type Type, IReadOnlyList<string> MediaTypes);
