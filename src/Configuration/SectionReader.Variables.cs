using System.Text;

namespace Executor.Configuration;

internal sealed partial class SectionReader
{
    /// <summary>
    /// The text with <c>${NAME}</c> replaced by that environment variable and <c>$${</c> by <c>${</c>; null where a variable is
    /// not set, which is reported. What came from a variable itself is taken as it is.
    /// </summary>
    private string? Expand(DocumentScalar scalar, string scalarPath)
    {
        string text = scalar.Text;
        if (scalar.Origin.IsEnvironment || !text.Contains("${", StringComparison.Ordinal))
        {
            return text;
        }

        StringBuilder expanded = new();
        bool isWhole = true;
        for (int at = 0; at < text.Length;)
        {
            ReadOnlySpan<char> rest = text.AsSpan(at);
            if (rest.StartsWith("$${"))
            {
                expanded.Append("${");
                at += 3;
            }
            else if (!rest.StartsWith("${"))
            {
                expanded.Append(text[at++]);
            }
            else if (rest.IndexOf('}') is > 2 and int end)
            {
                string name = rest[2..end].ToString();
                if (faults.Environment.TryGetValue(name, out string? value))
                {
                    expanded.Append(value);
                }
                else
                {
                    isWhole = false;
                    faults.Add(scalar.Origin, scalarPath, $"the environment variable {name} is not set");
                }

                at += end + 1;
            }
            else
            {
                faults.Add(scalar.Origin, scalarPath, "has ${ without a NAME} after it; write $${ for the two characters themselves");
                return null;
            }
        }

        return isWhole ? expanded.ToString() : null;
    }
}
