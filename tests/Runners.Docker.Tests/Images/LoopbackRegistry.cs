using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Executor.Runners.Docker.Tests.Images;

/// <summary>A registry with one image of two layers, which engines trust because it is on loopback. It can hold the larger layer back half-way.</summary>
internal sealed class LoopbackRegistry : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";
    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, byte[]> _blobs = [];
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _serving;
    private readonly byte[] _manifest;
    private readonly string _large;
    private int _downloads;

    /// <param name="holdsBack">Whether the larger layer stops half-way until <see cref="LetGo"/>.</param>
    public LoopbackRegistry(bool holdsBack)
    {
        (byte[] large, string largeId) = Layer("large.bin", RandomNumberGenerator.GetBytes(6 << 20));
        (byte[] small, string smallId) = Layer("small.txt", "small"u8.ToArray());
        byte[] config = Encoding.UTF8.GetBytes($$$"""
            {"architecture":"{{{(System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64")}}}","os":"linux","config":{"Env":["PATH=/bin"]},"rootfs":{"type":"layers","diff_ids":["{{{largeId}}}","{{{smallId}}}"]},"history":[{"created_by":"a"},{"created_by":"b"}]}
            """);
        _large = Add(large);
        _manifest = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""
            {"schemaVersion":2,"mediaType":"{{ManifestType}}",
             "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":{{config.Length}},"digest":"{{Add(config)}}"},
             "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":{{large.Length}},"digest":"{{_large}}"},
                       {"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":{{small.Length}},"digest":"{{Add(small)}}"}]}
            """));
        if (!holdsBack)
        {
            LetGo();
        }

        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Host = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}");
        }

        _listener.Prefixes.Add($"http://{Host}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Host { get; }

    public string Image => $"{Host}/team/image:v1";

    /// <summary>Completes when half of the larger layer is out.</summary>
    public Task Reached => _reached.Task;

    /// <summary>How often the larger layer was asked for.</summary>
    public int Downloads => _downloads;

    /// <summary>Sends the rest.</summary>
    public void LetGo() => _held.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        LetGo();
        _listener.Close();
        await _serving;
    }

    private static (byte[] Content, string Id) Layer(string name, byte[] content)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(tar.ToArray());
        }

        return (packed.ToArray(), DigestOf(tar.ToArray()));
    }

    private static string DigestOf(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    private string Add(byte[] blob)
    {
        string digest = DigestOf(blob);
        _blobs[digest] = blob;
        return digest;
    }

    private async Task ServeAsync()
    {
        List<Task> answers = [];
        while (true)
        {
            try
            {
                answers.Add(AnswerAsync(await _listener.GetContextAsync()));
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                await Task.WhenAll(answers);
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        string path = context.Request.Url!.AbsolutePath;
        HttpListenerResponse response = context.Response;
        try
        {
            byte[] body = path.Contains("/manifests/", StringComparison.Ordinal) ? _manifest : _blobs.GetValueOrDefault(path.Split('/')[^1], []);
            response.StatusCode = path == "/v2/" || body.Length > 0 ? 200 : 404;
            response.ContentType = body == _manifest ? ManifestType : "application/octet-stream";
            response.Headers["Docker-Content-Digest"] = body.Length > 0 ? DigestOf(body) : null;
            response.ContentLength64 = body.Length;
            if (context.Request.HttpMethod != "HEAD")
            {
                if (path.EndsWith(_large, StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref _downloads);
                    await response.OutputStream.WriteAsync(body.AsMemory(0, body.Length / 2));
                    await response.OutputStream.FlushAsync();
                    _reached.TrySetResult();
                    await _held.Task;
                    await response.OutputStream.WriteAsync(body.AsMemory(body.Length / 2));
                }
                else
                {
                    await response.OutputStream.WriteAsync(body);
                }
            }

            response.Close();
        }
        catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // Whoever asked has gone.
            response.Abort();
        }
    }
}
