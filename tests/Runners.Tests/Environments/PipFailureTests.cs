namespace Executor.Runners.Environments;

/// <summary>On what several versions of pip print.</summary>
public sealed class PipFailureTests
{
    [Theory]
    [InlineData(
        "WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7f>: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/a/\nERROR: Could not find a version that satisfies the requirement a (from versions: none)\nERROR: No matching distribution found for a",
        "the package index can't be reached; check")]
    [InlineData(
        "Looking in indexes: https://user:****@mirror.example:8443/simple, https://other.example/simple\nWARNING: Retrying (Retry(total=0)) after connection broken by 'ReadTimeoutError(\"Read timed out.\")'",
        "the package index can't be reached (mirror.example); check")]
    [InlineData(
        "ERROR: Could not install packages due to an OSError: HTTPSConnectionPool(host='pypi.org', port=443): Max retries exceeded with url: /simple/a/",
        "the package index can't be reached (pypi.org); check")]
    [InlineData(
        "Could not fetch URL https://pypi.org/simple/a/: There was a problem confirming the ssl certificate: HTTPSConnectionPool(host='pypi.org', port=443)",
        "the package index can't be reached (pypi.org); check")]
    [InlineData(
        "ERROR: Could not find a version that satisfies the requirement a (from versions: none)\nERROR: No matching distribution found for a",
        "the package index has no package a with a wheel for this Python")]
    [InlineData(
        "ERROR: Could not find a version that satisfies the requirement b>=2 (from a) (from versions: 1.0, 1.1)\nERROR: No matching distribution found for b>=2",
        "the package index has no version of b>=2 that matches; there are: 1.0, 1.1")]
    [InlineData(
        "ERROR: Cannot install a==1 and b==2 because these package versions have conflicting dependencies.\nERROR: ResolutionImpossible: for help visit …",
        "the packages can't be had together: Cannot install a==1 and b==2 because")]
    [InlineData("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "the disk that holds the environments is full")]
    [InlineData("Collecting a\nERROR: something else", "pip failed: something else")]
    [InlineData("Segmentation fault\n", "pip failed: Segmentation fault")]
    [InlineData("", "pip failed without a word")]
    public void Cause_is_told_in_a_sentence(string output, string expected) =>
        Assert.StartsWith(expected, PipFailure.Explain(output.Split('\n')), StringComparison.Ordinal);
}
