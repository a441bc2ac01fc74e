using System.Diagnostics;

namespace KenkoPortal.Tests.Support;

/// <summary>What a program said and how it ended.</summary>
public sealed record ToolResult(int ExitCode, string Output, string Error);

/// <summary>Programs of the machine that judge what we write: a test that needs one is skipped where it is missing.</summary>
public static class Tool
{
    public static bool Exists(string name) => Find(name) is not null;

    public static ToolResult Run(string name, params string[] args)
    {
        using var process = Start(name, args);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ToolResult(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    /// <summary>Starts a program that goes on running; the caller kills it.</summary>
    public static Process Start(string name, params string[] args)
    {
        var start = new ProcessStartInfo(Find(name) ?? throw new FileNotFoundException($"{name} is not installed."))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        return Process.Start(start)!;
    }

    private static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Append("/usr/sbin")
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}
