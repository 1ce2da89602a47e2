using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Executor.Api.Description;

/// <summary>The wire's types as OpenAPI's schemas, each described once and referred to by its name.</summary>
internal static partial class WireSchemas
{
    /// <summary>Corrects what can't be told from a type.</summary>
    public static Task CorrectAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        Type type = context.JsonTypeInfo.Type;
        if (type == typeof(TimeSpan) || type == typeof(TimeSpan?))
        {
            // Durations go over the wire as seconds, which their converter does not tell.
            schema.Type = type == typeof(TimeSpan) ? JsonSchemaType.Number : JsonSchemaType.Number | JsonSchemaType.Null;
        }

        schema.Description = schema.Description is string text ? InWireNames(text) : null;
        return Task.CompletedTask;
    }

    /// <summary>A reference to the schema of a type of ours; a list of them is written out.</summary>
    public static async Task<IOpenApiSchema> ReferToAsync(Type type, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (type.GetElementType() is Type element)
        {
            return new OpenApiSchema { Type = JsonSchemaType.Array, Items = await ReferToAsync(element, context, cancellationToken) };
        }

        OpenApiDocument document = context.Document!;
        if (document.Components?.Schemas?.ContainsKey(type.Name) != true)
        {
            document.AddComponent(type.Name, await context.GetOrCreateSchemaAsync(type, null, cancellationToken));
        }

        return new OpenApiSchemaReference(type.Name, document);
    }

    /// <summary>What the code's documentation calls <c>string? TaskSpec.CallbackUrl</c> is <c>callback_url</c> to a client.</summary>
    private static string InWireNames(string text) =>
        Member.Replace(WebUtility.HtmlDecode(text), match => JsonNamingPolicy.SnakeCaseLower.ConvertName(match.Groups["name"].Value));

    [GeneratedRegex(@"(?:(?:string|int|long|bool|double|[A-Z]\w+)(?:<[^.]*>)?\?? )?\b[A-Z]\w+\.(?<name>[A-Z]\w+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Member { get; }
}
