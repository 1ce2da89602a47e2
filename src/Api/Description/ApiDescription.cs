using Executor.Api.Access;
using Executor.Api.Requests;
using Executor.Http.Wire;
using Microsoft.AspNetCore.Authorization;
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
    private const string KeyScheme = "api_key";

    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer(DescribeAsync);
        options.AddOperationTransformer(DescribeAsync);
        options.AddSchemaTransformer(WireSchemas.CorrectAsync);
    });

    public static void MapApiDescription(this IEndpointRouteBuilder app) => app.MapOpenApi("/openapi/v1.json").OpenToAll();

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Executor",
            Version = "v1",
            Description = "Runs code: submit tasks, watch their output, get their results.",
        };
        // Nothing but where the description was found: a server may be known by many names.
        document.Servers = [];
        document.AddComponent(KeyScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "One of server.api_keys. A server without keys, which only its own machine reaches, asks for none.",
        });
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyScheme, document)] = [] }];
        return Task.CompletedTask;
    }

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<BodyDescription>().LastOrDefault() is BodyDescription body)
        {
            OpenApiMediaType content = new() { Schema = await WireSchemas.ReferToAsync(body.Type, context, cancellationToken) };
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = body.MediaTypes.ToDictionary(type => type, _ => content),
            };
        }

        if (metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [];
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
                [ProblemType] = new() { Schema = await WireSchemas.ReferToAsync(typeof(Problem), context, cancellationToken) },
            },
        });
    }
}
