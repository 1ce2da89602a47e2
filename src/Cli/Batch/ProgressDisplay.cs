using Executor.Hosting;

namespace Executor.Cli.Batch;

/// <summary>Shows a batch's progress on standard error: a bar that is redrawn on a terminal, else a line now and then.</summary>
/// <remarks>Not Spectre.Console's: that wants to write every line itself while it draws, and ours come from all of the program.</remarks>
internal sealed class ProgressDisplay : IAsyncDisposable
{
    private const int BarWidth = 24;
    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    private readonly BatchProgress _progress;
    private readonly bool _isBar;
    private readonly PeriodicTimer _timer;
    private readonly Task _loop;

    private ProgressDisplay(BatchProgress progress, bool isBar, TimeProvider time)
    {
        _progress = progress;
        _isBar = isBar;
        _timer = new PeriodicTimer(isBar ? RedrawInterval : LineInterval, time);
        _loop = ShowAsync();
    }

    /// <summary>Begins to show it.</summary>
    /// <param name="progress">What to show.</param>
    /// <param name="hasTerminal">Whether standard error is a terminal to draw on, with nothing else being written there.</param>
    /// <param name="time">The clock.</param>
    public static ProgressDisplay Start(BatchProgress progress, bool hasTerminal, TimeProvider time) => new(progress, hasTerminal, time);

    /// <summary>The bar, no wider than the terminal.</summary>
    public static string Draw(BatchProgress progress, int width)
    {
        int filled = progress.Total > 0 ? (int)(BarWidth * long.Min(progress.Done, progress.Total) / progress.Total) : 0;
        string line = $"[{new string('#', filled)}{new string('.', BarWidth - filled)}] {progress.Describe()}";
        return line[..int.Min(line.Length, int.Max(width - 1, 0))];
    }

    // A terminal that was never told its size says 0.
    private static int TerminalWidth => Console.WindowWidth is int width and > 0 ? width : 80;

    /// <summary>Stops showing it and takes the bar away.</summary>
    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _loop;
        if (_isBar)
        {
            Reporter.Write("\r\e[K");
        }
    }

    private async Task ShowAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            if (_isBar)
            {
                Reporter.Write($"\r\e[K{Draw(_progress, TerminalWidth)}");
            }
            else
            {
                Reporter.Say(_progress.Describe());
            }
        }
    }
}
