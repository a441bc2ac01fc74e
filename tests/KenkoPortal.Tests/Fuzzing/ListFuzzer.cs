using System.Text;
using KenkoPortal.Core.Members.Import;
using KenkoPortal.Tests.Members.Import;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.Fuzzing;

/// <summary>Mutated members' lists: each is read; some are imported, which must take all of it or nothing.</summary>
public static class ListFuzzer
{
    private static readonly byte[][] Seeds =
    [
        Families().Utf8(), Families().Utf8(mark: true), Families().InCp932(), Encoding.UTF8.GetBytes(Families().Text("\n")),
        new ListText().Row(("氏名", "髙橋 﨑子"), ("住所", "\"港島,\"\"1\"\"\"")).Row(("番号", "346"), ("氏名カナ", "ﾀｶﾊｼ"), ("生年月日", "S60.4.1"), ("資格喪失年月日", "R8.3.31")).InCp932(),
        new ListText().Row(("非開示", "1")).Row(("枝番", "01"), ("続柄", "妻"), ("性別", "女"), ("氏名カナ", "ヤマダ ハナコ")).Utf8(),
    ];

    /// <summary>Mutated lists; every so many-th is imported as well, into a society that holds some families.</summary>
    /// <param name="kind">The database of the imports.</param>
    /// <param name="seed">Tells every input.</param>
    /// <param name="rounds">Files to try.</param>
    /// <param name="importEvery">1 imports each of them.</param>
    /// <param name="progress">Told how many were tried, now and then.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<FuzzReport> RunAsync(
        DatabaseKind kind, ulong seed, long rounds, int importEvery = 20, Action<long>? progress = null, CancellationToken cancellationToken = default)
    {
        var count = new FuzzCount($"members' lists, {kind}", seed, progress);
        await using var society = await ImportedSociety.StartAsync(kind);
        await society.TakeAsync(Families());
        var state = await society.SnapshotAsync();
        for (var round = 0L; round < rounds && !cancellationToken.IsCancellationRequested; round++)
        {
            var dice = Dice.ForRound(seed, round);
            var input = Mutation.OfBytes(dice, dice.Of(Seeds), Seeds);
            Try(count, round, input);
            if (round % importEvery == 0)
            {
                state = await ImportAsync(count, round, input, society, dice, state);
            }
        }

        return count.Report();
    }

    /// <inheritdoc cref="SmtpFuzzer.Replay"/>
    public static FuzzReport Replay(byte[] input)
    {
        var count = new FuzzCount("members' lists", 0, null);
        Try(count, 0, input);
        return count.Report();
    }

    private static void Try(FuzzCount count, long round, byte[] input)
    {
        count.Tried();
        try
        {
            var read = MemberListReader.Read(input, ListText.Options);
            count.Accepted(read.IsValid ? 1 : 0);
            if (read.IsValid != (read.ErrorCount == 0) || (read.IsValid && read.Rows.Count == 0)
                || read.Errors.Any(e => e is not { Line: >= 1, Column: >= 1 } || e.Message.Length >= 400 || e.Message.Any(char.IsControl)))
            {
                count.Crashed(round, "a judgement that contradicts itself", input);
            }
        }
        catch (Exception exception)
        {
            count.Crashed(round, exception.ToString(), input);
        }
    }

    /// <returns>The society's state afterwards.</returns>
    private static async Task<string> ImportAsync(FuzzCount count, long round, byte[] input, ImportedSociety society, Dice dice, string before)
    {
        try
        {
            var options = new MemberListImportOptions { IsDifference = dice.OneIn(2), AcceptLeavers = dice.OneIn(2), AcceptOlder = true };
            var outcome = await society.ImportAsync(input, options);
            var after = await society.SnapshotAsync();
            if (outcome.Verdict is not MemberListVerdict.Applied)
            {
                if (after != before)
                {
                    count.HalfWritten(round, $"{outcome.Verdict} and yet changed", input);
                }

                return after;
            }

            var again = await society.ImportAsync(input, options with { AcceptLeavers = true });
            if (again.Verdict is not MemberListVerdict.Applied || await society.SnapshotAsync() != after)
            {
                count.HalfWritten(round, "the second import of the same file changed something", input);
            }

            return await society.SnapshotAsync();
        }
        catch (Exception exception)
        {
            count.Crashed(round, exception.ToString(), input);
            return await society.SnapshotAsync();
        }
    }

    private static ListText Families()
    {
        var list = new ListText();
        for (var i = 0; i < 6; i++)
        {
            var family = $"{345 + i}";
            var kana = new[] { "アオキ", "イトウ", "ウエダ", "エンドウ", "オカダ", "カトウ" }[i];
            list.Row(("番号", family), ("氏名カナ", $"{kana} タロウ"), ("住所", i % 2 == 0 ? "\"港島,一丁目\"" : "港島一丁目"))
                .Row(("番号", family), ("枝番", "01"), ("氏名カナ", $"{kana} ハナコ"), ("氏名", "山田 花子"), ("性別", "2"), ("続柄", "妻"), ("生年月日", $"1987050{i + 1}"));
        }

        return list;
    }
}
