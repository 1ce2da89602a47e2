namespace Executor.House.Planted.Left;

/// <summary>Knows the other side in a signature.</summary>
internal static class Asker
{
    public static string Ask(Right.Answerer answerer) => answerer.ToString()!;
}
