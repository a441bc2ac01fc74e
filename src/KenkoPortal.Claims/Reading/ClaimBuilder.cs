using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KenkoPortal.Claims.Reading;

/// <summary>Makes a claim of lines that are all good by themselves.</summary>
internal sealed class ClaimBuilder(ClaimLines lines, Layouts layouts, FaultReporter faults)
{
    private const int MostFunds = 4;

    /// <summary>調剤: a prescription without CZ.</summary>
    private const int NoBlock = -1;

    /// <summary>調剤: a prescription of which a CZ leaves 調剤数量 blank, so that nobody knows how much of its drugs was given.</summary>
    private const int UnknownTimes = -2;

    private static readonly string[] Marks = [.. Enumerable.Range(0, 128).Select(mark => ((char)mark).ToString())];

    private readonly Columns _columns = new();
    private readonly CodeCache _codes = new();
    private readonly MealShare _meals = new();
    private readonly List<ClaimDrug> _drugs = [];
    private readonly List<PublicFund> _funds = [];
    private readonly List<int> _blockSums = [];
    private readonly List<DateOnly?> _prescribedOn = [];
    private byte[] _lastHeader = [];
    private byte[] _lastName = [];
    private ClaimHeader? _lastRead;
    private (ClaimHeader Claim, ClaimHeader File, ClaimHeader Both)? _lastNamed;
    private byte[] _lastInsurerBytes = [];
    private string? _lastInsurer;

    /// <summary>What a header record tells. The same object for the same bytes.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public ClaimHeader ReadHeader(ReadOnlySpan<byte> header, RecordLayout layout, ReadOnlySpan<byte> nameElsewhere)
    {
        if (_lastRead is not null && header.SequenceEqual(_lastHeader) && nameElsewhere.SequenceEqual(_lastName))
        {
            return _lastRead;
        }

        _columns.Split(header);
        var name = Text(header, layout, Field.InstitutionName);
        TreatmentMonth? billed = Column(header, layout, Field.BilledMonth) is { IsEmpty: false } text && FieldForms.ReadMonth(text, out var month) is null ? month : null;
        _lastRead = new ClaimHeader(
            new Institution(
                Text(header, layout, Field.Prefecture),
                Text(header, layout, Field.PointTable),
                Text(header, layout, Field.InstitutionCode)!,
                nameElsewhere.IsEmpty ? name : TextOf(nameElsewhere) ?? name),
            billed);
        (_lastHeader, _lastName) = (header.ToArray(), nameElsewhere.ToArray());
        return _lastRead;
    }

    /// <param name="order">The lines of the version, in order.</param>
    /// <param name="start">The line that the claim begins with: MN, RE, or IR of 歯科.</param>
    /// <param name="header">Of the file, on the provider's side.</param>
    /// <param name="isBilled">The version as billed must have as many public funds as レセプト種別 tells; the examiner may have taken one away.</param>
    /// <param name="isDetail">Whether it is a detail beneath a DPC summary, which is no claim by itself.</param>
    /// <returns>Null if it is none, or if something was wrong, which is reported.</returns>
    [MethodImpl(Compiled.AtOnce)]
    public Claim? Build(List<int> order, in ClaimLine start, ClaimHeader? header, bool isBilled, out bool isDetail)
    {
        isDetail = false;
        var found = new Found();
        _drugs.Clear();
        _funds.Clear();
        _meals.Reset();
        if (layouts.Kind == ClaimKind.Pharmacy)
        {
            SumBlocks(order);
        }

        foreach (var i in order)
        {
            ref var line = ref lines[i];
            if (layouts.Kind == ClaimKind.Dpc && line.Record == RecordName.Re && found.Has(RecordName.Re) && SummaryClassOf(line) > 1)
            {
                // Details beneath the summary, in the same claim.
                break;
            }

            if (!Take(line, i, ref found))
            {
                return null;
            }
        }

        return Complete(found, start, header, isBilled, out isDetail);
    }

    public int SummaryClassOf(in ClaimLine line)
    {
        var record = lines.Record(line);
        _columns.Split(record);
        return Number(record, layouts.Find(RecordName.Re)!, Field.SummaryClass) ?? 0;
    }

    [MethodImpl(Compiled.AtOnce)]
    private bool Take(in ClaimLine line, int index, ref Found found)
    {
        switch (line.Record)
        {
            case RecordName.Re:
                return Once(line, index, ref found.Claim);
            case RecordName.Ho:
                return Once(line, index, ref found.Insurance);
            case RecordName.Ir or RecordName.Uk or RecordName.Yk or RecordName.Hm when layouts.Find(line.Record) is not null:
                return Once(line, index, ref found.Header);
            case RecordName.Sn:
                return TakeEligibility(line, index, ref found);
            case RecordName.Ko:
                return TakeFund(line);
            case RecordName.Iy:
                return TakeDrug(line);
            case RecordName.Cd:
                return TakeBundledDrug(line);
            case RecordName.Si when layouts.Kind == ClaimKind.Medical && line.Service == 97:
                return TakeMeal(line);
            default:
                return true;
        }
    }

    [MethodImpl(Compiled.AtOnce)]
    private bool Once(in ClaimLine line, int index, ref int place)
    {
        if (place >= 0)
        {
            faults.AtColumn(ClaimFaultKind.RecordTwice, line, 0, RecordName.Text(line.Record));
            return false;
        }

        place = index;
        return true;
    }

    [MethodImpl(Compiled.AtOnce)]
    private bool TakeEligibility(in ClaimLine line, int index, ref Found found)
    {
        var record = lines.Record(line);
        _columns.Split(record);
        var layout = layouts.Find(RecordName.Sn)!;
        return Number(record, layout, Field.PayerClass) != 1 || Once(line, index, ref found.Eligibility);
    }

    [MethodImpl(Compiled.AtOnce)]
    private bool TakeFund(in ClaimLine line)
    {
        var record = lines.Record(line);
        var layout = layouts.Find(RecordName.Ko)!;
        _columns.Split(record);
        var fund = new PublicFund(
            Text(record, layout, Field.PayerNumber) ?? "",
            Text(record, layout, Field.RecipientNumber),
            Number(record, layout, Field.Days),
            Number(record, layout, Field.Points),
            Number(record, layout, Field.PatientAmount));
        foreach (var other in _funds)
        {
            if (_funds.Count == MostFunds || (other.PayerNumber, other.RecipientNumber) == (fund.PayerNumber, fund.RecipientNumber))
            {
                faults.AtColumn(ClaimFaultKind.RecordTwice, line, 0, RecordName.Text(line.Record));
                return false;
            }
        }

        _funds.Add(fund);
        return true;
    }

    [MethodImpl(Compiled.AtOnce)]
    private bool TakeDrug(in ClaimLine line)
    {
        var record = lines.Record(line);
        var layout = layouts.Find(RecordName.Iy)!;
        _columns.Split(record);
        var times = layouts.Kind == ClaimKind.Pharmacy ? (line.Block < _blockSums.Count ? _blockSums[line.Block] : NoBlock) : Number(record, layout, Field.Times);
        if (times == NoBlock)
        {
            faults.AtLine(ClaimFaultKind.RecordMissing, line.Number, null, "CZ");
            return false;
        }

        Keep(record, layout, times);
        return true;
    }

    /// <summary>CD rows code treatments and materials too; drugs begin with 6.</summary>
    private bool TakeBundledDrug(in ClaimLine line)
    {
        var record = lines.Record(line);
        var layout = layouts.Find(RecordName.Cd)!;
        _columns.Split(record);
        if (Column(record, layout, Field.Code) is not [(byte)'6', ..])
        {
            return true;
        }

        foreach (var field in stackalloc[] { Field.Quantity, Field.Times })
        {
            if (Column(record, layout, field).IsEmpty)
            {
                faults.RemarkBlank(line, layout.PlaceOf(field));
            }
        }

        Keep(record, layout, Number(record, layout, Field.Times));
        return true;
    }

    /// <summary>A drug of which the claim tells what it is and how much. 薬剤料逓減 is none.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private void Keep(ReadOnlySpan<byte> record, RecordLayout layout, int? times)
    {
        var code = Column(record, layout, Field.Code);
        var quantity = Column(record, layout, Field.Quantity);
        if (times is { } known && known != UnknownTimes && !quantity.IsEmpty && !code.IsEmpty && !DrugReduction.Is(code))
        {
            _drugs.Add(new ClaimDrug(_codes.Get(code), FieldForms.ReadDecimal(quantity), known, Column(record, layout, Field.BurdenClass) is [var mark] ? Marks[mark] : null));
        }
    }

    [MethodImpl(Compiled.AtOnce)]
    private bool TakeMeal(in ClaimLine line)
    {
        var record = lines.Record(line);
        var layout = layouts.Find(RecordName.Si)!;
        _columns.Split(record);
        var yen = Number(record, layout, Field.Points);
        var times = Number(record, layout, Field.Times);
        var code = Column(record, layout, Field.Code);
        if (yen is not null && times is null)
        {
            faults.RemarkBlank(line, layout.PlaceOf(Field.Times));
        }

        if (code.IsEmpty || (yen is not null && times is null))
        {
            _meals.Lose();
            return true;
        }

        _meals.Add(FieldForms.ReadNumber(code), yen, times ?? 0);
        return true;
    }

    /// <summary>
    /// The sum of 調剤数量 of each prescription; <see cref="NoBlock"/> where it has no CZ, <see cref="UnknownTimes"/> where one is blank. And the days on which the prescriptions
    /// were issued.
    /// </summary>
    private void SumBlocks(List<int> order)
    {
        _blockSums.Clear();
        _prescribedOn.Clear();
        var layout = layouts.Find(RecordName.Cz)!;
        foreach (var i in order)
        {
            ref var line = ref lines[i];
            if (line.Record != RecordName.Cz)
            {
                continue;
            }

            while (_blockSums.Count <= line.Block)
            {
                _blockSums.Add(NoBlock);
            }

            var record = lines.Record(line);
            _columns.Split(record);
            ref var sum = ref CollectionsMarshal.AsSpan(_blockSums)[line.Block];
            sum = Number(record, layout, Field.Quantity) is { } quantity && sum != UnknownTimes ? Math.Max(0, sum) + quantity : UnknownTimes;
            DateOnly? day = FieldForms.ReadDate(Column(record, layout, Field.PrescribedOn), out var issued) is null ? issued : null;
            if (!_prescribedOn.Contains(day))
            {
                _prescribedOn.Add(day);
            }
        }
    }

    [MethodImpl(Compiled.AtOnce)]
    private Claim? Complete(in Found found, in ClaimLine start, ClaimHeader? fileHeader, bool isBilled, out bool isDetail)
    {
        isDetail = false;
        if (found.Claim < 0)
        {
            return Missing(start, "RE");
        }

        var header = HeaderOf(found, start, fileHeader);
        if (header is null)
        {
            return Missing(start, layouts.Kind switch { ClaimKind.Dental => "UK (IR)", ClaimKind.Pharmacy => "YK", ClaimKind.Nursing => "HM", _ => "IR" });
        }

        var key = KeyOf(start);
        var branch = found.Insurance >= 0 ? BranchOf(found) : null;
        var insurance = found.Insurance >= 0 ? ReadInsurance(lines[found.Insurance]) : default;
        if (insurance.ReductionPercent is > 100)
        {
            var place = layouts.Find(RecordName.Ho)!.PlaceOf(Field.ReductionPercent);
            return TooHigh(lines[found.Insurance], _columns.Get(lines.Record(lines[found.Insurance]), place), place);
        }

        ref var head = ref lines[found.Claim];
        var record = lines.Record(head);
        var layout = layouts.Find(RecordName.Re)!;
        _columns.Split(record);
        var summaryClass = Number(record, layout, Field.SummaryClass) ?? 0;
        if (summaryClass > 1)
        {
            isDetail = true;
            return null;
        }

        _ = ClaimType.TryParse(Column(record, layout, Field.ClaimType), out var type);
        FieldForms.ReadMonth(Column(record, layout, Field.Month), out var month);
        FieldForms.ReadDate(Column(record, layout, Field.BirthDate), out var birthDate);
        var (prescriberCode, prescriberName) = (Text(record, layout, Field.PrescriberCode), Text(record, layout, Field.PrescriberName));
        if (Number(record, layout, Field.BenefitPercent) is > 100)
        {
            return TooHigh(head, Column(record, layout, Field.BenefitPercent), layout.PlaceOf(Field.BenefitPercent));
        }

        if (isBilled && _funds.Count < type.PublicFundCount)
        {
            return Missing(head, "KO");
        }

        var (days, points) = found.Insurance >= 0 ? (insurance.Days, insurance.Points) : _funds is [var first, ..] ? (first.Days, first.Points) : (null, null);
        if (points is null || (found.Insurance < 0 && type.Scheme != ClaimScheme.PublicFundsOnly))
        {
            return Missing(head, type.Scheme == ClaimScheme.PublicFundsOnly ? "KO" : "HO");
        }

        return new Claim
        {
            Number = faults.ClaimNumber ?? "",
            Kind = layouts.Kind,
            Type = type,
            Month = month,
            Institution = header.Institution,
            BilledMonth = header.BilledMonth,
            Prescriber = prescriberCode is null && prescriberName is null ? null : new Institution(
                Text(record, layout, Field.PrescriberPrefecture), Text(record, layout, Field.PrescriberPointTable), prescriberCode ?? "", prescriberName),
            PrescribedOn = layouts.Kind != ClaimKind.Pharmacy || _prescribedOn.Count == 0 ? [] : [.. _prescribedOn],
            BirthDate = birthDate,
            Sex = (ClaimSex)(Column(record, layout, Field.Sex)[0] - '0'),
            Name = Text(record, layout, Field.Name),
            Kana = Text(record, layout, Field.Kana),
            BenefitPercent = Number(record, layout, Field.BenefitPercent),
            SpecialNotes = Pairs(Text(record, layout, Field.SpecialNotes)),
            SummaryClass = summaryClass,
            PublicFunds = _funds.Count == 0 ? [] : [.. _funds],
            Drugs = _drugs.Count == 0 ? [] : [.. _drugs],
            Key = key,
            Days = days ?? 0,
            Points = points.Value,
            InsurerNumber = insurance.InsurerNumber,
            CardSymbol = insurance.CardSymbol,
            CardNumber = insurance.CardNumber,
            BranchNumber = branch,
            MealTotal = insurance.MealTotal,
            MealShare = insurance.MealShare,
            PatientAmount = insurance.PatientAmount,
            ReductionClass = insurance.ReductionClass,
            ReductionPercent = insurance.ReductionPercent,
            ReductionAmount = insurance.ReductionAmount,
        };
    }

    [MethodImpl(Compiled.AtOnce)]
    private Insurance ReadInsurance(in ClaimLine line)
    {
        var record = lines.Record(line);
        var layout = layouts.Find(RecordName.Ho)!;
        _columns.Split(record);
        var mealTotal = Number(record, layout, Field.MealTotal);
        return new Insurance
        {
            InsurerNumber = InsurerNumber(Column(record, layout, Field.InsurerNumber)),
            CardSymbol = Text(record, layout, Field.CardSymbol),
            CardNumber = Text(record, layout, Field.CardNumber),
            Days = Number(record, layout, Field.Days),
            Points = Number(record, layout, Field.Points),
            MealTotal = mealTotal,
            MealShare = layouts.Kind == ClaimKind.Dpc ? Number(record, layout, Field.MealShare) : _meals.Yen ?? (mealTotal == 0 ? 0 : null),
            PatientAmount = Number(record, layout, Field.PatientAmount),
            ReductionClass = Number(record, layout, Field.ReductionClass),
            ReductionPercent = Number(record, layout, Field.ReductionPercent),
            ReductionAmount = Number(record, layout, Field.ReductionAmount),
        };
    }

    /// <summary>A delivery is one insurer's.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private string? InsurerNumber(ReadOnlySpan<byte> bytes)
    {
        if (_lastInsurer is null || !bytes.SequenceEqual(_lastInsurerBytes))
        {
            (_lastInsurer, _lastInsurerBytes) = (TextOf(bytes), bytes.ToArray());
        }

        return _lastInsurer;
    }

    private Claim? TooHigh(in ClaimLine line, ReadOnlySpan<byte> percent, int place)
    {
        faults.AtColumn(ClaimFaultKind.NotANumber, line, place, percent, FieldForms.Expected(FieldForm.Number, 2, 2));
        return null;
    }

    private Claim? Missing(in ClaimLine at, string record)
    {
        faults.AtLine(ClaimFaultKind.RecordMissing, at.Number, null, record);
        return null;
    }

    [MethodImpl(Compiled.AtOnce)]
    private ClaimHeader? HeaderOf(in Found found, in ClaimLine start, ClaimHeader? fileHeader)
    {
        if (found.Header < 0)
        {
            return fileHeader;
        }

        ref var header = ref lines[found.Header];
        var read = ReadHeader(lines.Record(header), layouts.Find(header.Record)!, NameInStart(start));
        return fileHeader is null || read.Institution.Name is not null ? read : Named(read, fileHeader);
    }

    /// <summary>歯科 on the institution's side: IR begins each claim and has no name, UK begins the file and has it. Another institution's name is none of its own.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private ClaimHeader Named(ClaimHeader claim, ClaimHeader file)
    {
        if (_lastNamed is { } last && ReferenceEquals(last.Claim, claim) && ReferenceEquals(last.File, file))
        {
            return last.Both;
        }

        var (own, named) = (claim.Institution, file.Institution);
        var isSame = own.Code == named.Code && (own.Prefecture ?? named.Prefecture) == named.Prefecture;
        var both = isSame ? new ClaimHeader(own with { Name = named.Name, Prefecture = named.Prefecture }, claim.BilledMonth ?? file.BilledMonth) : claim;
        _lastNamed = (claim, file, both);
        return both;
    }

    /// <summary>On the insurer's side the name of a dentist stands in MN.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private ReadOnlySpan<byte> NameInStart(in ClaimLine start)
    {
        if (layouts.Find(RecordName.Mn) is not { } layout)
        {
            return default;
        }

        var record = lines.Record(start);
        _columns.Split(record);
        return Column(record, layout, Field.InstitutionName);
    }

    [MethodImpl(Compiled.AtOnce)]
    private string? KeyOf(in ClaimLine start)
    {
        if (layouts.Find(RecordName.Mn) is not { } layout)
        {
            return null;
        }

        var record = lines.Record(start);
        _columns.Split(record);
        return Text(record, layout, Field.Key);
    }

    [MethodImpl(Compiled.AtOnce)]
    private string? BranchOf(in Found found)
    {
        if (found.Eligibility < 0)
        {
            return null;
        }

        var record = lines.Record(lines[found.Eligibility]);
        _columns.Split(record);
        var branch = Column(record, layouts.Find(RecordName.Sn)!, Field.BranchNumber);
        return branch.IsEmpty ? null : FieldForms.ReadBranch(branch);
    }

    private static string[] Pairs(string? text)
    {
        if (text is null)
        {
            return [];
        }

        var pairs = new string[text.Length / 2];
        for (var i = 0; i < pairs.Length; i++)
        {
            pairs[i] = text.Substring(i * 2, 2);
        }

        return pairs;
    }

    [MethodImpl(Compiled.AtOnce)]
    private ReadOnlySpan<byte> Column(ReadOnlySpan<byte> record, RecordLayout layout, Field field) =>
        layout.PlaceOf(field) is >= 0 and var place ? _columns.Get(record, place) : default;

    [MethodImpl(Compiled.AtOnce)]
    private int? Number(ReadOnlySpan<byte> record, RecordLayout layout, Field field) =>
        Column(record, layout, field) is { IsEmpty: false } text ? FieldForms.ReadNumber(text) : null;

    [MethodImpl(Compiled.AtOnce)]
    private string? Text(ReadOnlySpan<byte> record, RecordLayout layout, Field field) => TextOf(Column(record, layout, field));

    [MethodImpl(Compiled.AtOnce)]
    private static string? TextOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return null;
        }

        var text = Cp932.Decode(bytes).Trim();
        return text.Length == 0 ? null : text;
    }

    /// <summary>What HO tells.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly struct Insurance
    {
        public string? InsurerNumber { get; init; }

        public string? CardSymbol { get; init; }

        public string? CardNumber { get; init; }

        public int? Days { get; init; }

        public int? Points { get; init; }

        public int? MealTotal { get; init; }

        public int? MealShare { get; init; }

        public int? PatientAmount { get; init; }

        public int? ReductionClass { get; init; }

        public int? ReductionPercent { get; init; }

        public int? ReductionAmount { get; init; }
    }

    /// <summary>Where the records stand that come once; -1 for none.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Found()
    {
        public int Header = -1;
        public int Claim = -1;
        public int Insurance = -1;
        public int Eligibility = -1;

        public readonly bool Has(int record) => record == RecordName.Re && Claim >= 0;
    }
}
