namespace Executor.Api.Requests;

/// <summary>A parameter that an endpoint reads from the query.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it means, its range and its default.</param>
/// <param name="Type">Its JSON type: <c>string</c>, <c>integer</c> or <c>number</c>.</param>
internal sealed record QueryParameter(string Name, string Description, string Type = "string");

/// <summary>The parameters of an endpoint: others are refused, and the API's description lists them.</summary>
internal sealed record QueryParameters(IReadOnlyList<QueryParameter> All);
