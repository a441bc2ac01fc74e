namespace KenkoPortal.Core.Common;

/// <summary>
/// One at a time among threads and processes of a machine, by a file that is held open. The system lets go when its process dies. The file stays: deleting it would let two in.
/// </summary>
public static class FileLock
{
    /// <summary>What <see cref="IOException"/> carries where another holds the file: EWOULDBLOCK of Linux and of macOS, a sharing violation of Windows.</summary>
    private static readonly int[] Held = [11, 35, unchecked((int)0x80070020)];

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until nobody else has it.</summary>
    /// <param name="path">The file; it is made where there is none.</param>
    /// <returns>What lets go when it is disposed.</returns>
    /// <exception cref="IOException">The file cannot be made or opened.</exception>
    public static FileStream Wait(string path)
    {
        while (true)
        {
            if (TryTake(path) is { } taken)
            {
                return taken;
            }

            Thread.Sleep(Pause);
        }
    }

    /// <inheritdoc cref="Wait"/>
    public static async Task<FileStream> WaitAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(path) is { } taken)
            {
                return taken;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static FileStream? TryTake(string path)
    {
        try
        {
            return PrivateFiles.Open(path, FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException exception) when (Held.Contains(exception.HResult))
        {
            return null;
        }
    }
}
