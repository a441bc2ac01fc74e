using System.Globalization;
using System.Runtime.InteropServices;

namespace KenkoPortal.Core.Mail;

/// <summary>The status of a delivery, <c>class.subject.detail</c> (RFC 3463 §2): <c>5.1.1</c>.</summary>
/// <param name="Class">2, 4 or 5.</param>
/// <param name="Subject">What it speaks of: 1 the address, 2 the mailbox, 3 the mail system, 4 the network, 5 the dialogue, 6 the text, 7 policy.</param>
/// <param name="Detail">Which fault of the subject.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct EnhancedStatus(int Class, int Subject, int Detail)
{
    /// <summary>Characters of the longest one.</summary>
    public const int MaxLength = 9;

    /// <summary>Reads the status at the beginning of a text; what stands behind a blank or a comment is not read.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out EnhancedStatus status)
    {
        status = default;
        text = text.Trim();
        var end = text.IndexOfAny(' ', '\t', '(');
        if (end >= 0)
        {
            text = text[..end];
        }

        Span<Range> parts = stackalloc Range[4];
        if (text.Split(parts, '.') != 3
            || !TryNumber(text[parts[0]], 1, out var @class) || @class is not (2 or 4 or 5)
            || !TryNumber(text[parts[1]], 3, out var subject) || !TryNumber(text[parts[2]], 3, out var detail))
        {
            return false;
        }

        status = new EnhancedStatus(@class, subject, detail);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");

    private static bool TryNumber(ReadOnlySpan<char> digits, int most, out int number)
    {
        number = 0;
        return digits.Length >= 1 && digits.Length <= most && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
