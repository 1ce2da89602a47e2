using Executor.Api.Access;
using Executor.Api.Requests;
using Executor.Api.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Executor.Api.Description;

/// <summary><c>/openapi/v1.json</c>: what the endpoints say of themselves, in OpenAPI's form.</summary>
internal static class ApiDescription
{
    private const string ProblemType = "application/problem+json";

    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Executor",
                Version = "v1",
                Description = "Runs code: submit tasks, watch their output, get their results. Clients name an API key as a bearer token where the server has keys.",
            };
            document.Servers = [];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeAsync);
    });

    public static void MapApiDescription(this IEndpointRouteBuilder app) => app.MapOpenApi("/openapi/{documentName}.json").OpenToAll();

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<BodyDescription>().LastOrDefault() is BodyDescription body)
        {
            OpenApiMediaType content = new() { Schema = await context.GetOrCreateSchemaAsync(body.Type, null, cancellationToken) };
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = body.MediaTypes.ToDictionary(type => type, _ => content),
            };
        }

        operation.Parameters ??= [];
        foreach (QueryParameter parameter in metadata.OfType<QueryParameters>().SelectMany(parameters => parameters.All))
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = parameter.Name,
                In = ParameterLocation.Query,
                Description = parameter.Description,
                Schema = new OpenApiSchema { Type = Enum.Parse<JsonSchemaType>(parameter.Type, ignoreCase: true) },
            });
        }

        operation.Responses ??= [];
        operation.Responses.TryAdd("default", new OpenApiResponse
        {
            Description = "Why it did not succeed (RFC 9457).",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [ProblemType] = new() { Schema = await context.GetOrCreateSchemaAsync(typeof(Problem), null, cancellationToken) },
            },
        });
    }
}
