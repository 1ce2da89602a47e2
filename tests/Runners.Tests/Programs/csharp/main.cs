using System.Diagnostics;
using System.Text;

class Problem
{
    static long Twice(long n) => n * 2;
    static long Wrong(long n) => n + 2;
    static string Reverse(string s) => new(s.Reverse().ToArray());
    static List<long> Evens(params long[] all) => all.Where(n => n % 2 == 0).ToList();
    static int Deep(int n) => n == 0 ? 0 : 1 + Deep(n - 1);

    public static int Main(string[] args)
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        switch (args[0])
        {
            case "hello": Console.WriteLine("hello"); break;
            case "stdin": Console.Write(Console.In.ReadToEnd()); break;
            case "assert": Debug.Assert(Wrong(5L) == 10L); break;
            case "error": throw new InvalidOperationException("boom");
            case "exit": return 3;
            case "loop": while (true) { }
            case "memory": for (var kept = new List<byte[]>(); ;) { kept.Add(new byte[1 << 20]); Array.Fill(kept[^1], (byte)1); }
            case "deep": Console.WriteLine(Deep(1000000)); break;
            case "output": Console.Write(new string('x', 1000000)); break;
            case "unicode": Console.WriteLine("größe 日本語 🙂"); break;
            case "two": Console.WriteLine(Two.Seven(6)); break;
            case "pass1": Debug.Assert(Twice(2L) == 4L); Debug.Assert(Twice(5L) == 10L); break;
            case "pass2": Debug.Assert(Reverse("abc") == "cba"); break;
            case "pass3": Debug.Assert(Evens(1, 2, 3, 4).SequenceEqual([2L, 4L])); break;
            case "pass4": Debug.Assert(Twice(0L) == 0L); Console.WriteLine("done"); break;
            case "fail1": Debug.Assert(Wrong(2L) == 4L); Debug.Assert(Wrong(5L) == 10L); break;
            case "fail2": Console.WriteLine("before"); Debug.Assert(Reverse("ab") == "ab"); break;
            case "fail3": Debug.Assert(Evens(1, 3).Count == 1); break;
            case "error1": throw new ArgumentException("too far");
            case "error2": Console.WriteLine(Evens(1)[3]); break;
            case "error3": Console.Error.WriteLine("leaving"); Environment.Exit(7); break;
        }
        return 0;
    }
}
