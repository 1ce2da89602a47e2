using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Executor.Api.Fuzz;

/// <summary>Requests that nobody in their right mind sends, and a few good ones.</summary>
internal sealed class RandomRequests(Random random)
{
    private static readonly string[] Methods = ["GET", "GET", "POST", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "BREW"];

    private static readonly string[] Paths =
    [
        "/tasks", "/tasks/batch", "/tasks/{0}", "/tasks/{0}/result", "/tasks/{0}/output", "/tasks/{0}/cancel", "/executors", "/executors/connect", "/executors/{0}/drain",
        "/callbacks", "/jobs", "/jobs/{0}", "/jobs/{0}/log", "/jobs/{0}/cancel", "/health", "/ready", "/metrics", "/openapi/v1.json", "/openapi/{0}.json", "/", "/{0}",
    ];

    private static readonly string[] Ids =
    [
        "known", "known-1", "fuzz-1", "nobody", "..", "%2e%2e%2f", "%00", "%ff%fe", "%ED%A0%80", "a b", "a%20b", "%F0%9F%98%80", "-1", "batch", "NULL", "'; DROP TABLE tasks;--", "%25s%25n",
    ];

    private static readonly string[] Parameters =
        ["wait", "limit", "cursor", "status", "since", "format", "after", "name", "executor", "executor_id", "runtime", "wiat", "", "%00", "é"];

    private static readonly string[] Values =
    [
        "0", "0.01", "-1", "1", "1000", "1e9", "NaN", "-Infinity", "99999999999999999999", "", "%00", "%ff", "json", "text", "sse", "RUNNING", "completed", "1.0.0",
        "2147483647.2147483647.2147483647", "1.1.1", "_________________w__", "%F0%9F%98%80", "'; DROP TABLE tasks;--", "a&limit=1", "253402300799999",
    ];

    private static readonly string[] Types =
    [
        "application/json", "application/json", "application/json", "application/json; charset=utf-8", "application/json; charset=utf-16", "application/x-ndjson", "application/jsonl",
        "application/yaml", "text/plain", "application/xml", "multipart/form-data; boundary=x", "nonsense", "application/json; charset=\"", "*/*",
    ];

    private static readonly string[] HeaderNames =
        ["Accept", "Accept-Encoding", "Origin", "Host", "Last-Event-ID", "Authorization", "Upgrade", "Content-Encoding", "Expect", "X-Forwarded-For", "Cookie", "If-None-Match", "Range", "traceparent"];

    private static readonly string[] HeaderValues =
    [
        "application/json", "text/plain", "*/*", "gzip", "http://evil.example", "null", "localhost", "evil.example", "1.0.0", "-1.-1.-1", "Bearer x", "Bearer", "websocket", "identity", "bytes=0-1", "\t",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "{}", ";;;===",
    ];

    private static readonly string[] Fields =
    [
        "task_id", "name", "language", "code", "script", "command", "entrypoint", "callable", "params", "args", "stdin", "env", "files", "working_dir", "details", "runner", "executor",
        "capabilities", "resources", "use_sandbox", "merge_output", "timeout", "queue_timeout", "priority", "limits", "runtime_env", "retry", "depends_on", "cache", "artifacts", "callback_url", "type", "tasks", "unknown",
    ];

    private static readonly string[] FieldValues =
    [
        "null", "true", "0", "-1", "1", "1.5", "1e999", "-1e999", "1e-999", "99999999999999999999", "\"\"", "\"x\"", "\"python\"", "\"\\u0000\"", "\"\\ud800\"", "\"😀\"", "\"../../etc/passwd\"",
        "[]", "[1]", "[\"x\"]", "[[]]", "[null]", "[\"fuzz-1\"]", "[\"known\"]", "{}", "{\"a\": 1}", "{\"\": {}}", "{\"memory_mb\": 1e9}", "{\"max_attempts\": -1}", "{\"ttl_sec\": 1e300}", "{\"packages\": [\"-r\"]}",
        "{\"a\": {\"content\": \"x\"}}", "{\"../x\": {\"content\": \"x\", \"encoding\": \"base64\"}}", "\"http://127.0.0.1/\"", "\"file:///etc/passwd\"", "{\"cpus\": -1}", "\"localhost\"", "\"docker\"", "0.000000001", "9e15",
    ];

    public HttpRequestMessage Next()
    {
        HttpRequestMessage request = new(new HttpMethod(Pick(Methods)), Target());
        if (request.Method == HttpMethod.Post || random.Next(10) == 0)
        {
            request.Content = new ByteArrayContent(Body());
            request.Content.Headers.TryAddWithoutValidation("Content-Type", Pick(Types));
            request.Headers.TransferEncodingChunked = random.Next(4) == 0;
        }

        for (int i = random.Next(8) == 0 ? random.Next(1, 4) : 0; i > 0; i--)
        {
            string name = Pick(HeaderNames);
            // The client itself would act on these two.
            if (name != "Expect" && (name != "Content-Encoding" || request.Content?.Headers.TryAddWithoutValidation(name, Pick(HeaderValues)) != true))
            {
                request.Headers.TryAddWithoutValidation(name, Pick(HeaderValues));
            }
        }

        return request;
    }

    private string Target()
    {
        string path = Pick(Paths).Replace("{0}", random.Next(8) == 0 ? Uri.EscapeDataString(Mutation.Soup(random).Replace("\ud800", "", StringComparison.Ordinal)) : Pick(Ids), StringComparison.Ordinal);
        int parameters = random.Next(3) == 0 ? random.Next(1, 4) : 0;
        return parameters == 0 ? path : $"{path}?{string.Join('&', Enumerable.Range(0, parameters).Select(_ => $"{Pick(Parameters)}={Pick(Values)}"))}";
    }

    private byte[] Body()
    {
        switch (random.Next(10))
        {
            case 0:
                byte[] noise = new byte[random.Next(300)];
                random.NextBytes(noise);
                return noise;
            case 1:
                return Encoding.UTF8.GetBytes(Mutation.Soup(random));
            case 2:
                return Encoding.UTF8.GetBytes(new string(Pick(["[", "{", "\"", "- ", "{\"a\":"])[0], random.Next(5_000)));
            case 3:
                return Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, random.Next(5)).Select(_ => Task())));
            case 4:
                return Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, random.Next(5)).Select(_ => Task()))}]");
            case 5:
                return Encoding.UTF8.GetBytes(Mutation.Of(Task(), random));
            default:
                return Encoding.UTF8.GetBytes(Task());
        }
    }

    /// <summary>A task of which no, one or a few fields are something else.</summary>
    private string Task()
    {
        List<string> members = [$"\"task_id\": \"fuzz-{random.Next(500)}\"", "\"language\": \"python\"", "\"code\": \"print(1)\""];
        for (int i = random.Next(4); i > 0; i--)
        {
            string member = $"\"{Pick(Fields)}\": {Pick(FieldValues)}";
            if (random.Next(3) == 0)
            {
                members[random.Next(members.Count)] = member;
            }
            else
            {
                members.Add(member);
            }
        }

        return $"{{{string.Join(", ", members)}}}";
    }

    private string Pick(string[] choices) => choices[random.Next(choices.Length)];
}
