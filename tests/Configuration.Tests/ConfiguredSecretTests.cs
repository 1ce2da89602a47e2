using System.Text.Json;
using Executor.Storage;
using Executor.Text;

namespace Executor.Configuration;

public sealed class ConfiguredSecretTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Fact]
    public void Secret_is_shown_by_nothing_but_reveal()
    {
        Secret secret = new("hunter2");

        Assert.Equal("***", secret.ToString());
        Assert.Equal("***", $"{secret}");
        Assert.Equal("\"***\"", JsonSerializer.Serialize(secret));
        Assert.DoesNotContain("hunter2", new StorageOptions { Postgres = secret }.ToString(), StringComparison.Ordinal);
        Assert.Equal("hunter2", secret.Reveal());
    }

    [Fact]
    public void Secret_is_never_read_from_json() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Secret>("\"hunter2\""));

    [Theory]
    [InlineData("hunter2", true)]
    [InlineData("hunter", false)]
    [InlineData("hunter2 ", false)]
    [InlineData("", false)]
    public void Secret_matches_only_itself(string candidate, bool expected)
    {
        Assert.Equal(expected, new Secret("hunter2").Matches(candidate));
        Assert.Equal(expected, new Secret("hunter2").Equals(new Secret(candidate)));
    }

    [Fact]
    public void Secret_comes_from_a_file_without_its_last_newline()
    {
        File.WriteAllText(file, "line one\nline two\r\n");

        Assert.Equal("line one\nline two", Load.Yaml($"storage: {{postgres: {{file: {file}}}}}").Storage.Postgres?.Reveal());
        Assert.Equal("line one\nline two", Load.Environment(("EXECUTOR__STORAGE__POSTGRES__FILE", file)).Storage.Postgres?.Reveal());
    }

    [Theory]
    [InlineData("storage: {postgres: {file: /no/such/file}}", "config.yaml:1: storage.postgres.file: can't read \"/no/such/file\": there is no such file")]
    [InlineData("storage: {postgres: {file: /}}", "config.yaml:1: storage.postgres.file: can't read \"/\": is a folder, not a file")]
    [InlineData("storage: {postgres: {}}", "config.yaml:1: storage.postgres: must be a text, ${NAME} or {file: PATH}")]
    [InlineData("storage: {postgres: []}", "config.yaml:1: storage.postgres: must be a text, ${NAME} or {file: PATH}, and not empty")]
    [InlineData("storage: {postgres: ''}", "config.yaml:1: storage.postgres: must be a text, ${NAME} or {file: PATH}, and not empty")]
    [InlineData("storage: {postgres: {path: x}}", "config.yaml:1: storage.postgres.path: unknown key. Known keys: file|config.yaml:1: storage.postgres: must be a text, ${NAME} or {file: PATH}")]
    [InlineData("storage: {postgres: '${NOT_SET}'}", "config.yaml:1: storage.postgres: the environment variable NOT_SET is not set")]
    public void Secret_that_is_not_there_is_a_fault(string yaml, string expected) =>
        Assert.Equal(expected.Split('|').Order(), Load.Faults(yaml).Order());

    [Fact]
    public void Secret_file_that_is_empty_is_a_fault()
    {
        File.WriteAllText(file, "\n");

        Assert.Contains("and not empty", Load.Fault($"storage: {{postgres: {{file: {file}}}}}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_never_show_a_secret()
    {
        string[] faults = Load.Faults(
            "server: {api_keys: hunter2}\nstorage: {postgres: [hunter2], sqlite: '${HUNTER} ${NOPE}'}\nlimits: {pids: '${HUNTER}'}",
            ("HUNTER", "hunter2"));

        Assert.Equal(5, faults.Length);
        Assert.DoesNotContain(faults, fault => fault.Contains("hunter2", StringComparison.Ordinal));
        Assert.Contains("config.yaml:3: limits.pids: must be a whole number from 1 to 32768, was \"${HUNTER}\"", faults);
    }
}
