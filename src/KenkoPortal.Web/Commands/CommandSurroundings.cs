namespace KenkoPortal.Web.Commands;

/// <summary>What a command line is run in. Program takes it from the process, tests make their own.</summary>
/// <param name="Output">Where what was done is told, and what was asked for is printed.</param>
/// <param name="Error">Where refusals and faults go, and the progress bar.</param>
/// <param name="IsTerminal">Whether a person looks at <paramref name="Error"/>: only then is a progress bar drawn.</param>
/// <param name="Settings">Settings that win over files and the environment, by their configuration names.</param>
/// <param name="Cancellation">Ctrl-C or SIGTERM.</param>
public sealed record CommandSurroundings(
    TextWriter Output, TextWriter Error, bool IsTerminal, IReadOnlyDictionary<string, string?> Settings, CancellationToken Cancellation)
{
    /// <summary>Where a person answers; null where nobody can, such as in a script.</summary>
    public TextReader? Input { get; init; }

    public static CommandSurroundings OfProcess(CancellationToken cancellation) =>
        new(Console.Out, Console.Error, !Console.IsErrorRedirected, new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase), cancellation)
        {
            Input = Console.IsInputRedirected || Console.IsErrorRedirected ? null : Console.In,
        };

    /// <summary>Asks the person at the terminal.</summary>
    /// <returns>Whether they answered with these words; false where nobody can answer.</returns>
    public bool IsAgreed(string question, string words)
    {
        if (Input is null)
        {
            return false;
        }

        Error.Write(question);
        return Input.ReadLine()?.Trim() == words;
    }
}
