using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KenkoPortal.Claims.Reading;

/// <summary>Makes a claim of lines that are all good by themselves.</summary>
internal sealed class ClaimBuilder(ClaimLines lines, Layouts layouts, ClaimHeaders headers, FaultReporter faults)
{
    private const int MostFunds = 4;

    private readonly RecordReader _reader = new();
    private readonly ClaimDrugRows _drugs = new(lines, layouts, faults);
    private readonly MealShare _meals = new();
    private readonly List<PublicFund> _funds = [];
    private byte[] _lastInsurerBytes = [];
    private string? _lastInsurer;

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
        _drugs.Begin(order);
        _funds.Clear();
        _meals.Reset();

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
        _reader.Split(record);
        return _reader.Number(record, layouts.Find(RecordName.Re)!, Field.SummaryClass) ?? 0;
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
                return _drugs.Take(line);
            case RecordName.Cd:
                return _drugs.TakeBundled(line);
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
        _reader.Split(record);
        var layout = layouts.Find(RecordName.Sn)!;
        return _reader.Number(record, layout, Field.PayerClass) != 1 || Once(line, index, ref found.Eligibility);
    }

    [MethodImpl(Compiled.AtOnce)]
    private bool TakeFund(in ClaimLine line)
    {
        var record = lines.Record(line);
        var layout = layouts.Find(RecordName.Ko)!;
        _reader.Split(record);
        var fund = new PublicFund(
            _reader.Text(record, layout, Field.PayerNumber) ?? "",
            _reader.Text(record, layout, Field.RecipientNumber),
            _reader.Number(record, layout, Field.Days),
            _reader.Number(record, layout, Field.Points),
            _reader.Number(record, layout, Field.PatientAmount));
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
    private bool TakeMeal(in ClaimLine line)
    {
        var record = lines.Record(line);
        var layout = layouts.Find(RecordName.Si)!;
        _reader.Split(record);
        var yen = _reader.Number(record, layout, Field.Points);
        var times = _reader.Number(record, layout, Field.Times);
        var code = _reader.Column(record, layout, Field.Code);
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

    [MethodImpl(Compiled.AtOnce)]
    private Claim? Complete(in Found found, in ClaimLine start, ClaimHeader? fileHeader, bool isBilled, out bool isDetail)
    {
        isDetail = false;
        if (found.Claim < 0)
        {
            return Missing(start, "RE");
        }

        var header = headers.Of(found.Header, start, fileHeader);
        if (header is null)
        {
            return Missing(start, layouts.Kind switch { ClaimKind.Dental => "UK (IR)", ClaimKind.Pharmacy => "YK", ClaimKind.Nursing => "HM", _ => "IR" });
        }

        var key = KeyOf(start);
        var branch = found.Insurance >= 0 ? BranchOf(found) : null;
        var insurance = found.Insurance >= 0 ? ReadInsurance(lines[found.Insurance]) : default;
        if (insurance.ReductionPercent is > 100)
        {
            var ho = layouts.Find(RecordName.Ho)!;
            return TooHigh(lines[found.Insurance], _reader.Column(lines.Record(lines[found.Insurance]), ho, Field.ReductionPercent), ho.PlaceOf(Field.ReductionPercent));
        }

        ref var head = ref lines[found.Claim];
        var record = lines.Record(head);
        var layout = layouts.Find(RecordName.Re)!;
        _reader.Split(record);
        var summaryClass = _reader.Number(record, layout, Field.SummaryClass) ?? 0;
        if (summaryClass > 1)
        {
            isDetail = true;
            return null;
        }

        _ = ClaimType.TryParse(_reader.Column(record, layout, Field.ClaimType), out var type);
        FieldForms.ReadMonth(_reader.Column(record, layout, Field.Month), out var month);
        FieldForms.ReadDate(_reader.Column(record, layout, Field.BirthDate), out var birthDate);
        var (prescriberCode, prescriberName) = (_reader.Text(record, layout, Field.PrescriberCode), _reader.Text(record, layout, Field.PrescriberName));
        if (_reader.Number(record, layout, Field.BenefitPercent) is > 100)
        {
            return TooHigh(head, _reader.Column(record, layout, Field.BenefitPercent), layout.PlaceOf(Field.BenefitPercent));
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
                _reader.Text(record, layout, Field.PrescriberPrefecture), _reader.Text(record, layout, Field.PrescriberPointTable), prescriberCode ?? "", prescriberName),
            PrescribedOn = _drugs.PrescribedOn,
            BirthDate = birthDate,
            Sex = (ClaimSex)(_reader.Column(record, layout, Field.Sex)[0] - '0'),
            Name = _reader.Text(record, layout, Field.Name),
            Kana = _reader.Text(record, layout, Field.Kana),
            BenefitPercent = _reader.Number(record, layout, Field.BenefitPercent),
            SpecialNotes = Pairs(_reader.Text(record, layout, Field.SpecialNotes)),
            SummaryClass = summaryClass,
            PublicFunds = _funds.Count == 0 ? [] : [.. _funds],
            Drugs = _drugs.Drugs,
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
        _reader.Split(record);
        var mealTotal = _reader.Number(record, layout, Field.MealTotal);
        return new Insurance
        {
            InsurerNumber = InsurerNumber(_reader.Column(record, layout, Field.InsurerNumber)),
            CardSymbol = _reader.Text(record, layout, Field.CardSymbol),
            CardNumber = _reader.Text(record, layout, Field.CardNumber),
            Days = _reader.Number(record, layout, Field.Days),
            Points = _reader.Number(record, layout, Field.Points),
            MealTotal = mealTotal,
            MealShare = layouts.Kind == ClaimKind.Dpc ? _reader.Number(record, layout, Field.MealShare) : _meals.Yen ?? (mealTotal == 0 ? 0 : null),
            PatientAmount = _reader.Number(record, layout, Field.PatientAmount),
            ReductionClass = _reader.Number(record, layout, Field.ReductionClass),
            ReductionPercent = _reader.Number(record, layout, Field.ReductionPercent),
            ReductionAmount = _reader.Number(record, layout, Field.ReductionAmount),
        };
    }

    /// <summary>A delivery is one insurer's.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private string? InsurerNumber(ReadOnlySpan<byte> bytes)
    {
        if (_lastInsurer is null || !bytes.SequenceEqual(_lastInsurerBytes))
        {
            _lastInsurer = RecordReader.TextOf(bytes);
            _lastInsurerBytes = bytes.ToArray();
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
    private string? KeyOf(in ClaimLine start)
    {
        if (layouts.Find(RecordName.Mn) is not { } layout)
        {
            return null;
        }

        var record = lines.Record(start);
        _reader.Split(record);
        return _reader.Text(record, layout, Field.Key);
    }

    [MethodImpl(Compiled.AtOnce)]
    private string? BranchOf(in Found found)
    {
        if (found.Eligibility < 0)
        {
            return null;
        }

        var record = lines.Record(lines[found.Eligibility]);
        _reader.Split(record);
        var branch = _reader.Column(record, layouts.Find(RecordName.Sn)!, Field.BranchNumber);
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
