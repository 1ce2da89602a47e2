using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Executor.Silo.Hosting;

/// <summary>Orleans' pages, behind the API's key.</summary>
public sealed class SiloDashboardTests : IDisposable
{
    private const string Keys = "server: {api_keys: [secret]}\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("executor-silo-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Dashboard_is_for_those_who_have_a_key()
    {
        using var silo = SiloProcess.Start(_folder.FullName, postgres: null, configuration: Keys + "cluster: {dashboard: true}\n");
        await silo.ReadyAsync();

        using HttpResponseMessage page = await GetAsync(silo, "/orleans/", "Bearer", "secret");
        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
        using HttpResponseMessage counters = await GetAsync(silo, "/orleans/DashboardCounters", "Bearer", "secret");
        Assert.Equal(HttpStatusCode.OK, counters.StatusCode);
        Assert.Contains("totalActiveHostCount", await counters.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using HttpResponseMessage nothing = await GetAsync(silo, "/orleans/nothing", "Bearer", "secret");
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (nothing.StatusCode, nothing.Content.Headers.ContentType?.MediaType));

        using HttpResponseMessage refused = await GetAsync(silo, "/orleans/", "Bearer", "guess");
        Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"), (refused.StatusCode, refused.Content.Headers.ContentType?.MediaType));
        Assert.Equal(["Bearer", "Basic"], refused.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme));

        // As a browser sends it; the API itself takes no such thing.
        string typed = Convert.ToBase64String(Encoding.UTF8.GetBytes("any:secret"));
        using HttpResponseMessage browsed = await GetAsync(silo, "/orleans/", "Basic", typed);
        Assert.Equal(HttpStatusCode.OK, browsed.StatusCode);
        using HttpResponseMessage mistyped = await GetAsync(silo, "/orleans/", "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("any:guess")));
        Assert.Equal(HttpStatusCode.Unauthorized, mistyped.StatusCode);
        using HttpResponseMessage tasks = await GetAsync(silo, "/tasks", "Basic", typed);
        Assert.Equal(HttpStatusCode.Unauthorized, tasks.StatusCode);
    }

    [Fact]
    public async Task Silo_has_no_dashboard_unless_it_is_asked_for()
    {
        using var silo = SiloProcess.Start(_folder.FullName, postgres: null, configuration: Keys);
        await silo.ReadyAsync();

        using HttpResponseMessage answer = await GetAsync(silo, "/orleans/", "Bearer", "secret");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static async Task<HttpResponseMessage> GetAsync(SiloProcess silo, string path, string scheme, string credentials)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue(scheme, credentials);
        return await silo.Http.SendAsync(request);
    }
}
