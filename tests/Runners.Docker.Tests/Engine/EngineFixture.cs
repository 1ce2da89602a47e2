namespace Executor.Runners.Docker.Tests.Engine;

/// <summary>An engine with images of this machine's programs: one for all tests that don't stop it.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    /// <summary>An image with a shell, a Python and a C compiler.</summary>
    public const string Python = "executor-test/python:1";

    /// <summary>An image with a shell.</summary>
    public const string Shell = "executor-test/shell:1";

    private Dockerd? _engine;

    /// <summary>The engine, which runs. Skips the test that asks where there can't be one.</summary>
    public Dockerd Dockerd
    {
        get
        {
            Requirement.Check(Testing.Dockerd.WhyNot);
            return _engine!;
        }
    }

    /// <summary>Where it listens. Skips the test that asks where there can't be an engine.</summary>
    public Uri Endpoint => Dockerd.Endpoint;

    public async ValueTask InitializeAsync()
    {
        if (Testing.Dockerd.WhyNot is null)
        {
            _engine = await Testing.Dockerd.StartNewAsync();
            await ImportImagesAsync(_engine.Endpoint);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }
    }

    /// <summary>Puts the images into an engine.</summary>
    public static async Task ImportImagesAsync(Uri endpoint)
    {
        string folder = Directory.CreateTempSubdirectory("executor-images-").FullName;
        try
        {
            await ImageTree.ImportAsync(endpoint, Python, await ImageTree.PythonAsync(folder));
            await ImageTree.ImportAsync(endpoint, Shell, await ImageTree.ShellAsync(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>The tests that share the engine.</summary>
[CollectionDefinition(Name)]
public sealed class EngineCollection : ICollectionFixture<EngineFixture>
{
    public const string Name = "engine";
}
