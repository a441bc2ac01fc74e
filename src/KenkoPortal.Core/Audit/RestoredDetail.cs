using System.Globalization;
using System.Text.RegularExpressions;

namespace KenkoPortal.Core.Audit;

/// <summary>What <see cref="AuditKind.Restored"/> says in its detail: the chain that was there, and how much of it the backup holds.</summary>
/// <param name="MadeAt">When the backup was made.</param>
/// <param name="Before">Length of the chain before.</param>
/// <param name="Hash">Hash of its last event in hexadecimal, or <c>-</c>.</param>
/// <param name="After">Length of the chain in the backup.</param>
public sealed partial record RestoredDetail(DateTimeOffset MadeAt, long Before, string Hash, long After)
{
    private const string Moment = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"backup={MadeAt.UtcDateTime.ToString(Moment, CultureInfo.InvariantCulture)} before={Before}:{Hash} after={After}");

    /// <summary>Null for a detail of another form.</summary>
    public static RestoredDetail? Parse(string? detail)
    {
        var match = Form().Match(detail ?? "");
        return match.Success
            ? new RestoredDetail(
                DateTimeOffset.ParseExact(match.Groups["at"].Value, Moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
                long.Parse(match.Groups["before"].Value, CultureInfo.InvariantCulture),
                match.Groups["hash"].Value,
                long.Parse(match.Groups["after"].Value, CultureInfo.InvariantCulture))
            : null;
    }

    [GeneratedRegex("^backup=(?<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z) before=(?<before>[0-9]{1,18}):(?<hash>-|[0-9a-f]{64}) after=(?<after>[0-9]{1,18})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
