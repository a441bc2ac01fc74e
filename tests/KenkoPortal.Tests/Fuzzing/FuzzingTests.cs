using System.Text;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.Fuzzing;

/// <summary>A short turn of every fuzzer, the same each time, and everything that the long turns of <c>./verify</c> have ever found.</summary>
public sealed class FuzzingTests
{
    private const ulong Seed = 20261122;

    [Fact]
    public void No_mutated_conversation_breaks_the_mail_session() => AssertClean(SmtpFuzzer.Run(Seed, 5000, cancellationToken: TestContext.Current.CancellationToken));

    [Theory, OnEveryDatabase]
    public async Task Every_acknowledged_mail_of_mutated_conversations_is_its_rows_and_nothing_else_is(DatabaseKind kind) =>
        AssertClean(await SmtpFuzzer.RunOverSocketsAsync(kind, Seed, 250, cancellationToken: TestContext.Current.CancellationToken));

    [Fact]
    public void No_mutated_address_is_taken_that_is_more_than_one_plain_line() => AssertClean(AddressFuzzer.Run(Seed, 5000, cancellationToken: TestContext.Current.CancellationToken));

    [Theory, OnEveryDatabase]
    public async Task No_mutated_list_breaks_the_reader_or_is_taken_by_half(DatabaseKind kind) =>
        AssertClean(await ListFuzzer.RunAsync(kind, Seed, 1000, importEvery: 40, cancellationToken: TestContext.Current.CancellationToken));

    [Theory, OnEveryDatabase]
    public async Task No_mutated_request_is_answered_500_or_leaves_half_a_write(DatabaseKind kind) =>
        AssertClean(await RequestFuzzer.RunAsync(kind, Seed, 510, cancellationToken: TestContext.Current.CancellationToken));

    [Fact]
    public void What_was_found_in_mails_addresses_and_lists_is_withstood()
    {
        Assert.All(Corpus("mails"), input => AssertClean(SmtpFuzzer.Replay(input), mustAccept: false));
        Assert.All(Corpus("addresses"), input => AssertClean(AddressFuzzer.Replay(input), mustAccept: false));
        Assert.All(Corpus("lists"), input => AssertClean(ListFuzzer.Replay(input), mustAccept: false));
    }

    [Theory, OnEveryDatabase]
    public async Task What_was_found_in_requests_is_withstood(DatabaseKind kind) => AssertClean(await RequestFuzzer.ReplayAsync(kind, Corpus("requests")), mustAccept: false);

    [Fact]
    public void The_same_seed_makes_the_same_inputs()
    {
        byte[] Bytes(ulong seed) => Mutation.OfBytes(Dice.ForRound(seed, 7), Encoding.ASCII.GetBytes(new string('x', 100)), []);
        Assert.Equal(Bytes(1), Bytes(1));
        Assert.NotEqual(Bytes(1), Bytes(2));
        Assert.NotEqual(Mutation.OfText(Dice.ForRound(1, 1), "taro"), Mutation.OfText(Dice.ForRound(1, 2), "taro"));
    }

    /// <summary>Lines of base64; what stands behind a blank says what it did.</summary>
    private static List<byte[]> Corpus(string name) =>
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "tests", "KenkoPortal.Tests", "Fuzzing", "Corpus", name + ".txt"))
            .Where(line => line.Length > 0 && line[0] != '#').Select(line => Convert.FromBase64String(line.Split(' ')[0])),
    ];

    /// <summary>A fuzzer that gets nothing through tries nothing.</summary>
    private static void AssertClean(FuzzReport report, bool mustAccept = true)
    {
        Assert.True(report.IsClean, report.ToString());
        Assert.True(!mustAccept || report.Accepted > report.Tried / 50, report.ToString());
    }
}
