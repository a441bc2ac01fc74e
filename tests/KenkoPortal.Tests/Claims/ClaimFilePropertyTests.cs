using FsCheck;
using FsCheck.Fluent;
using KenkoPortal.Claims;

namespace KenkoPortal.Tests.Claims;

/// <summary>Damage to one line of a good file never throws, never changes another claim, and never passes in silence.</summary>
public sealed class ClaimFilePropertyTests
{
    private static readonly Whole Insurers = new(ClaimText.OfInsurer()
        .StartGood("910000001").Own("KO", (6, "500")).Own("SN").Own("SY").Own("IY").Own("CO")
        .StartGood("910000002").Own("SN", (6, "00")).Own("IY", (4, "1.5")).Own("IY").Examiner("HO", (5, "900")).Correct(2, 4, 8).Remove(7)
        .StartGood("910000003").Own("SY").Own("IY").Examiner("IY", (3, "620000009")).Correct(1, 6, 7)
        .StartGood("910000004").Own("KO").Own("SY")
        .StartGood("910000005").Own("IY"));

    private static readonly Whole Pharmacies = new(ClaimText.OfInsurer(ClaimKind.Pharmacy)
        .StartGood("910000001").Own("SH").Own("CZ").Own("IY").Own("CO")
        .StartGood("910000002").Own("SN").Own("SH").Own("CZ").Own("CZ", (5, "7")).Own("IY").Examiner("CZ", (5, "5")).Correct(2, 7, 10)
        .StartGood("910000003").Own("SH").Own("CZ").Own("IY"));

    private static readonly Whole Providers = new(ClaimText.OfProvider().Own("IR")
        .Billed("1", 100).Own("SN").Own("SY").Own("IY").Own("CO")
        .Billed("2", 200).Own("KO", (6, "0")).Own("SY").Own("SI", (3, "110000010"))
        .Billed("3", 300).Own("SY").Own("IY")
        .Raw("GO,4,600,99"));

    private static readonly Whole OwnDentists = new(ClaimText.OfProvider(ClaimKind.Dental).Own("UK")
        .Own("IR").Billed("1", 100).Own("SN").Own("IY")
        .Own("IR").Billed("2", 200).Own("KO", (6, "0")).Own("IY").Own("IY", (3, "620000002"))
        .Own("IR").Billed("3", 300).Own("IY")
        .Raw("GO,4,600,99"));

    private static readonly Whole Hospitals = new(ClaimText.OfInsurer(ClaimKind.Dpc)
        .Start("910000001").Own("IR").Own("RE").Own("HO", (5, "1000"), (8, "6400"), (15, "4600")).Own("KO", (6, "500")).Own("SN").Own("BU").Own("CD").Own("IY")
        .Start("910000002").Own("IR").Own("RE", (18, "1")).Own("HO", (5, "3000")).Own("RE", (18, "2")).Own("HO", (5, "3000")).Own("BU").Own("CD").Examiner("CD", (6, "1")).Correct(2, 8, 9)
        .StartGood("910000003").Own("BU").Own("CD"));

    private static readonly Whole Dentists = new(ClaimText.OfInsurer(ClaimKind.Dental)
        .Start("910000001").Own("IR").Own("RE", (2, "3111")).Own("HO", (6, "9"), (7, "5760"), (10, "1200"), (11, "1")).Own("SN").Own("IY")
        .StartGood("910000002").Own("KO", (6, "0")).Own("IY").Own("IY").Remove(6)
        .StartGood("910000003").Own("IY"));

    private static readonly Whole Nurses = new(ClaimText.OfInsurer(ClaimKind.Nursing)
        .StartGood("910000001").Own("KO").Own("SN")
        .Start("910000002").Own("HM").Own("RE", (10, "80")).Own("HO", (5, "85500"), (8, "6000"))
        .StartGood("910000003"));

    private static Whole[] Files => [Insurers, Pharmacies, Hospitals, Dentists, Nurses, Providers, OwnDentists];

    private static readonly Arbitrary<(Whole File, int Line, int At)> Places =
        (from file in Gen.Elements(Files) from line in Gen.Choose(0, file.Lines.Length - 1) from at in Gen.Choose(0, file.Lines[line].Length - 1) select (file, line, at)).ToArbitrary();

    /// <summary>
    /// A last line of which nothing is left at all is none: <see cref="A_line_that_is_gone"/>. A number in the last column of which digits are left is another number (HO of DPC ends with 標準負担額).
    /// </summary>
    [Fact]
    public void A_line_that_is_cut_off() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(1500), Prop.ForAll(
        Places, place => IsContained(place.File, place.Line, place.File.Lines[place.Line][..Math.Max(1, place.At)], mayBeHarmless: true,
            mayBeAnother: place.File.Lines[place.Line].AsSpan(place.At).IndexOf((byte)',') < 0)));

    [Fact]
    public void A_line_that_is_written_twice()
    {
        foreach (var file in Files)
        {
            for (var line = 0; line < file.Lines.Length; line++)
            {
                var twice = file.With(line, [.. file.Lines[line], (byte)'\r', (byte)'\n', .. file.Lines[line]]);
                var read = ReadClaims.From(twice);
                Assert.True(Keeps(file, line, read), $"line {line + 1}");

                // SY and CO are not kept, so that their repetition changes nothing; everything else is told.
                Assert.True(read.Faults.Count > 0 || file.IsSame(read), $"line {line + 1}");
            }
        }
    }

    [Fact]
    public void A_line_that_is_gone()
    {
        foreach (var file in Files)
        {
            for (var line = 0; line < file.Lines.Length; line++)
            {
                Assert.True(Keeps(file, line, ReadClaims.From(file.Without(line))), $"line {line + 1}");
            }
        }
    }

    [Fact]
    public void A_line_in_which_a_byte_is_none_that_a_claim_can_have() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(1500), Prop.ForAll(
        Places, Gen.Elements<byte>(0x00, 0x07, 0x7F, 0x80, 0x81, 0xA0, 0xE0, 0xFD, 0xFF).ToArbitrary(), (place, value) =>
        {
            var line = (byte[])place.File.Lines[place.Line].Clone();
            line[place.At] = value;

            // As half of a character these may make another one, in a name say.
            var mayBeHalf = value is >= 0x80 and < 0xFD;
            return IsContained(place.File, place.Line, line, mayBeHarmless: mayBeHalf, mayBeAnother: mayBeHalf);
        }));

    [Fact]
    public void A_line_in_which_a_byte_is_another() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(
        Places, Gen.Choose(0x20, 0x7E).ToArbitrary(), (place, value) =>
        {
            var line = (byte[])place.File.Lines[place.Line].Clone();
            line[place.At] = (byte)value;
            return IsContained(place.File, place.Line, line, mayBeHarmless: true, mayBeAnother: true);
        }));

    [Fact]
    public void A_line_whose_record_gets_any_other_name()
    {
        foreach (var file in Files)
        {
            for (var line = 0; line < file.Lines.Length; line++)
            {
                var name = file == Providers || file == OwnDentists ? 0 : file.Lines[line].AsSpan().IndexOf(",0,"u8) + 3;
                for (var i = 0; i < 2 * 26; i++)
                {
                    var other = (byte[])file.Lines[line].Clone();
                    other[name + (i / 26)] = (byte)('A' + (i % 26));
                    Assert.True(IsContained(file, line, other, mayBeHarmless: true, mayBeAnother: true), $"line {line + 1} of {file}, letter {i}");
                }
            }
        }
    }

    /// <summary>GO with a comma for a letter has a column more, and is still no line of the last claim.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_last_line_with_a_comma_in_its_name(int at)
    {
        var last = Providers.Lines.Length - 1;
        var line = (byte[])Providers.Lines[last].Clone();
        line[at] = (byte)',';
        Assert.True(IsContained(Providers, last, line, mayBeHarmless: true, mayBeAnother: true));
    }

    [Fact]
    public void A_line_that_is_broken_in_two() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(1500), Prop.ForAll(Places, place =>
    {
        var (line, at) = (place.File.Lines[place.Line], Math.Max(1, place.At));
        return IsContained(place.File, place.Line, [.. line[..at], (byte)'\n', .. line[at..]], mayBeHarmless: false);
    }));

    [Fact]
    public void No_bytes_make_it_throw() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll<byte[]>(bytes => IsJudged(bytes)));

    [Fact]
    public void No_bytes_behind_a_good_beginning_make_it_throw() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll<byte[]>(
        bytes => IsJudged([.. Insurers.Bytes, .. bytes]) && IsJudged([.. Providers.Bytes[..^14], .. bytes])));

    [Fact]
    public void No_shuffled_file_makes_it_throw() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(
        Gen.Shuffle(Files.SelectMany(file => file.Lines).ToArray()).ToArbitrary(),
        lines => IsJudged([.. lines.SelectMany(line => line.Append((byte)'\n'))])));

    private static bool IsContained(Whole file, int line, byte[] damaged, bool mayBeHarmless, bool mayBeAnother = false)
    {
        var read = ReadClaims.From(file.With(line, damaged));
        return Keeps(file, line, read) && (read.Faults.Count > 0 || (mayBeHarmless && (mayBeAnother || file.IsSame(read))));
    }

    /// <summary>All claims but the damaged line's own are as they were.</summary>
    private static bool Keeps(Whole file, int line, ReadClaims read)
    {
        var now = read.Claims.Select(ClaimJson.Line).ToHashSet(StringComparer.Ordinal);
        return file.ClaimOf(line) is not { } own || file.Claims.Where((_, i) => i != own).All(now.Contains);
    }

    private static bool IsJudged(byte[] bytes)
    {
        var read = ReadClaims.From(bytes);
        return read.Faults.All(fault => fault is { Line: >= 1, Column: >= 1 } && fault.Message.Length < 400 && !fault.Message.Any(char.IsControl))
            && read.File.ClaimsRead == read.Claims.Count && read.File.FaultsTold == read.Faults.Count;
    }

    /// <summary>A file in which nothing is wrong.</summary>
    private sealed class Whole
    {
        private readonly int?[] _claimOf;

        public Whole(ClaimText text)
        {
            Bytes = text.Bytes();
            var read = ReadClaims.From(Bytes);
            Assert.Empty(read.Faults);
            Claims = [.. read.Claims.Select(ClaimJson.Line)];
            Lines = Split(Bytes);
            _claimOf = new int?[Lines.Length];
            var own = -1;
            for (var i = 0; i < Lines.Length; i++)
            {
                own += read.Claims.Any(claim => claim.Line == i + 1) ? 1 : 0;
                _claimOf[i] = own < 0 ? null : Lines[i].AsSpan().StartsWith("GO"u8) ? -1 : own;
            }
        }

        public byte[] Bytes { get; }

        public byte[][] Lines { get; }

        public string[] Claims { get; }

        /// <summary>The index of the claim that a line belongs to; -1 for GO, which belongs to none; null for the header, on which all depend.</summary>
        public int? ClaimOf(int line) => _claimOf[line];

        public byte[] With(int line, byte[] other) => Join(Lines.Select((l, i) => i == line ? other : l));

        public byte[] Without(int line) => Join(Lines.Where((_, i) => i != line));

        public bool IsSame(ReadClaims read) => read.Claims.Select(ClaimJson.Line).SequenceEqual(Claims, StringComparer.Ordinal);

        /// <summary>For the counter-example.</summary>
        public override string ToString() => Claims[0];

        private static byte[] Join(IEnumerable<byte[]> lines) => [.. lines.SelectMany(line => line.Concat("\r\n"u8.ToArray()))];

        private static byte[][] Split(byte[] bytes)
        {
            var lines = new List<byte[]>();
            for (var start = 0; start < bytes.Length;)
            {
                var length = bytes.AsSpan(start).IndexOf("\r\n"u8);
                lines.Add(bytes[start..(start + length)]);
                start += length + 2;
            }

            return [.. lines];
        }
    }
}
