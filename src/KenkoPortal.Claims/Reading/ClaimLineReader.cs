using System.Runtime.CompilerServices;

namespace KenkoPortal.Claims.Reading;

/// <summary>Reads what a line begins with.</summary>
internal static class ClaimLineReader
{
    [MethodImpl(Compiled.AtOnce)]
    public static ClaimLine Read(in RawLine raw, ReadOnlySpan<byte> bytes, ClaimSide side)
    {
        var line = new ClaimLine { Number = raw.Number, Start = raw.Start, Length = raw.Length, Damage = raw.Damage, Stage = 1 };
        if (side == ClaimSide.Insurer)
        {
            if (TryReadPrefix(bytes, out line.Body, out line.Stage, out line.Row, out line.Branch))
            {
                line.Record = RecordName.Of(bytes[line.Body..]);
            }
            else if (line.Damage == LineDamage.None)
            {
                line.Damage = LineDamage.Prefix;
            }
        }
        else
        {
            line.Record = RecordName.Of(bytes);
        }

        return line;
    }

    /// <summary>データ識別, 行番号 and 枝番号; <paramref name="body"/> is where the record begins, 0 where there is no prefix.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static bool TryReadPrefix(ReadOnlySpan<byte> line, out int body, out int stage, out int row, out int branch)
    {
        body = row = branch = 0;
        var at = 0;
        if (!TryReadNumber(line, ref at, out stage) || !TryReadNumber(line, ref at, out row) || !TryReadNumber(line, ref at, out branch))
        {
            stage = 0;
            return false;
        }

        body = at;
        return true;
    }

    [MethodImpl(Compiled.AtOnce)]
    private static bool TryReadNumber(ReadOnlySpan<byte> line, ref int at, out int number)
    {
        number = 0;
        var start = at;
        while (at < line.Length && line[at] is >= (byte)'0' and <= (byte)'9')
        {
            if (at - start == 9)
            {
                return false;
            }

            number = (number * 10) + line[at++] - '0';
        }

        return at > start && at < line.Length && line[at++] == (byte)',';
    }
}
