
namespace KenkoPortal.Demo;

/// <summary>
/// Writes claims as an examining body hands them to an insurer: from MN on, each line behind データ識別, 行番号 and 枝番号, and behind the institution's lines those
/// of the examiner, with a JY for each that tells what it does.
/// </summary>
internal sealed class ClaimWriter(ClaimFiles files, DemoMonth billed)
{
    private const int Institutions = 1;
    private const int Examiners = 2;

    private static readonly byte[] CommentText = Cp932Text.Of("１日１回　朝食後");
    private static readonly byte[] Usage = Cp932Text.Of("１日１回朝食後服用");
    private static readonly byte[] UnknownCard = Cp932Text.Of("９９９９９");

    private DemoPerson? _person;
    private byte[] _insurer = [];
    private byte[] _symbol = [];
    private byte[] _number = [];
    private byte[] _wideSymbol = [];
    private byte[] _wideNumber = [];
    private byte[] _name = [];
    private byte[] _family = [];
    private byte[] _kana = [];
    private byte[] _branch = [];

    private RecordWriter _to = null!;
    private Claim _claim = null!;
    private int _row;
    private int _headLine;

    public void Write(Claim claim)
    {
        _claim = claim;
        Know(claim.Person);
        _to = files.For(claim.Kind, out var number);
        _row = 0;
        WriteStart();
        WriteReceipt(number);
        _headLine = ++_row;
        WriteInsurer(Institutions, _headLine, 0);
        for (var i = 0; i < claim.Funds.Count; i++)
        {
            claim.Funds[i].Line = ++_row;
            WriteFund(claim.Funds[i], Institutions, _row, 0);
        }

        WriteEligibility();
        WriteRows();
        if (claim.Correction != Correction.None)
        {
            Correct();
        }

        WriteEnd();
    }

    private void Know(DemoPerson person)
    {
        if (ReferenceEquals(person, _person))
        {
            return;
        }

        _person = person;
        _insurer = Cp932Text.Of(person.InsurerNumber.PadLeft(8));
        (_symbol, _number, _branch) = (Cp932Text.Of(person.Symbol), Cp932Text.Of(person.Number), Cp932Text.Of(person.Branch));
        (_wideSymbol, _wideNumber) = (Cp932Text.Of(Cp932Text.Wide(person.Symbol)), Cp932Text.Of(Cp932Text.Wide(person.Number)));
        _name = Cp932Text.OfName(person.Name, person.Kana);
        _kana = Cp932Text.Of(person.Kana.Replace("　", "", StringComparison.Ordinal));
        _family = Cp932Text.OfName(person.Name.Split('　')[0], person.Kana.Split('　')[0]);
    }

    private RecordWriter Line(ReadOnlySpan<byte> name, int source = Institutions) => _to.Start(source, ++_row, 0, name);

    /// <summary>MN, and who bills: IR, YK or HM.</summary>
    private void WriteStart()
    {
        var place = _claim.Place;
        // Who it is, among all claims of the society: month of treatment, place in the list, ordinal. A claim that comes again has another number and the same key.
        var serial = ((((long)(_claim.Month.Year % 100) * 100) + _claim.Month.Number) * 1_000_000_000) + ((long)_claim.Person.Index * 100) + _claim.Ordinal;
        var first = _claim.IsBilledAnew ? 3L : 1L;
        var number = ((_claim.Remark == Remark.None ? first : 2L) * 10_000_000_000_000) + serial;
        var key = 99_100_000_000_000_000 + (first * 10_000_000_000_000) + serial;
        var start = Line("MN"u8, Examiners).At(1, number);
        if (_claim.Kind == ClaimKind.Dental)
        {
            start.At(2, place.NameBytes).At(3, place.AddressBytes).At(4, key).End(8);
            Line("IR"u8).At(1, 1).At(2, Institution.Prefecture).At(3, place.Table).At(4, place.Code).At(6, billed, place.WritesEras).At(7, place.Phone).End(9);
            return;
        }

        start.At(2, place.AddressBytes).At(3, key).End(7);
        switch (_claim.Kind)
        {
            case ClaimKind.Pharmacy:
                Line("YK"u8).At(1, 1).At(2, Institution.Prefecture).At(3, place.Table).At(4, place.Code).At(5, place.NameBytes).At(6, billed, place.WritesEras).At(8, place.Phone).End(9);
                break;
            case ClaimKind.Nursing:
                Line("HM"u8).At(1, 1).At(2, Institution.Prefecture).At(3, place.Table).At(4, place.Code).At(5, place.NameBytes).At(6, billed, place.WritesEras).At(7, place.Phone).End(8);
                break;
            default:
                Line("IR"u8).At(1, 1).At(2, Institution.Prefecture).At(3, place.Table).At(4, place.Code).At(6, place.NameBytes).At(7, billed, place.WritesEras).At(8, "00"u8).At(9, place.Phone).End(10);
                break;
        }
    }

    /// <summary>RE.</summary>
    private void WriteReceipt(int number)
    {
        var (claim, person, isEra) = (_claim, _claim.Person, _claim.Place.WritesEras);
        var birth = claim.HasWrongBirthDate ? person.BirthDate.AddDays(100) : person.BirthDate;
        var (name, sex) = (claim.HasFamilyNameOnly ? _family : _name, person.IsMale ? 1 : 2);
        ReadOnlySpan<byte> kana = claim.HasFamilyNameOnly ? [] : _kana;
        var to = Line("RE"u8).At(1, number).At(2, claim.Type).At(3, claim.Month, isEra).At(4, name);
        if (claim.Kind == ClaimKind.Nursing)
        {
            to.At(5, kana).At(6, sex).At(7, birth, isEra).At(10, claim.BenefitPercent).At(11, claim.Notes).At(14, number).End(15);
            return;
        }

        to.At(5, sex).At(6, birth, isEra).At(7, claim.BenefitPercent);
        if (claim.Kind == ClaimKind.Pharmacy)
        {
            var prescriber = claim.Prescriber!;
            to.At(8, claim.Notes).At(9, Institution.Prefecture).At(10, prescriber.Table).At(11, prescriber.Code).At(12, prescriber.NameBytes).At(13, prescriber.AddressBytes)
                .At(37, number).At(40, claim.Funds.Count + 1).At(41, kana).End(42);
            return;
        }

        if (claim.IsInpatient)
        {
            to.At(8, new DateOnly(claim.Month.Year, claim.Month.Number, claim.FirstDay), isEra);
        }

        switch (claim.Kind)
        {
            case ClaimKind.Dental:
                to.At(13, claim.Notes).At(15, number).At(19, number).At(25, kana).End(27);
                break;
            case ClaimKind.Dpc:
                to.At(11, claim.Notes).At(13, number).At(18, claim.Summary).At(20, number).At(28, kana).End(30);
                break;
            default:
                to.At(11, claim.Notes).At(13, number).At(18, number).At(21, 1).At(36, kana).End(38);
                break;
        }
    }

    /// <summary>HO.</summary>
    private void WriteInsurer(int source, int row, int branch)
    {
        var claim = _claim;
        var number = claim.Place.WritesNarrow ? _number : _wideNumber;
        if (claim.HasWrongCard)
        {
            number = UnknownCard;
        }

        var to = _to.Start(source, row, branch, "HO"u8).At(1, _insurer).At(2, claim.Place.WritesNarrow ? _symbol : _wideSymbol).At(3, number).At(4, claim.Days).At(5, claim.Total);
        switch (claim.Kind)
        {
            case ClaimKind.Dental:
                Meals(6).At(10, claim.Ceiling).At(11, claim.Reduction).End(14);
                break;
            case ClaimKind.Pharmacy:
                to.At(9, claim.Ceiling).At(11, claim.Reduction).End(14);
                break;
            case ClaimKind.Nursing:
                to.At(8, claim.Ceiling).End(12);
                break;
            case ClaimKind.Dpc:
                Meals(7).At(11, claim.Ceiling).At(12, claim.Reduction).At(13, claim.ReductionPercent).At(14, claim.ReductionYen).At(15, claim.MealShare).End(16);
                break;
            default:
                Meals(7).At(11, claim.Ceiling).At(12, claim.Reduction).At(13, claim.ReductionPercent).At(14, claim.ReductionYen).End(15);
                break;
        }

        RecordWriter Meals(int column) => claim.Meals == 0 ? to : to.At(column, claim.Meals).At(column + 1, claim.MealYen);
    }

    /// <summary>KO.</summary>
    private void WriteFund(Fund fund, int source, int row, int branch)
    {
        var part = Math.Min(fund.Part ?? _claim.Total, _claim.Total);
        var partYen = _claim.Kind == ClaimKind.Nursing ? part : part * 10;
        // 自立支援 leaves ten percent of its part to pay, the others what is below their ceiling.
        var left = fund.Payer / 1_000_000 == 21 ? partYen / 10 : partYen * _claim.Percent / 100;
        int? amount = fund.Ceiling is { } ceiling ? Math.Min(left, ceiling) : null;
        var to = _to.Start(source, row, branch, "KO"u8).At(1, fund.Payer).At(2, fund.Recipient);
        switch (_claim.Kind)
        {
            case ClaimKind.Dental:
                to.At(4, _claim.Days).At(5, part).At(6, amount).End(10);
                break;
            case ClaimKind.Pharmacy:
                to.At(4, _claim.Days).At(5, part).At(7, amount).End(10);
                break;
            case ClaimKind.Nursing:
                to.At(4, _claim.Days).At(5, part).At(6, amount).End(8);
                break;
            default:
                to.At(4, _claim.Days).At(5, part).At(6, amount).End(_claim.Kind == ClaimKind.Dpc ? 13 : 12);
                break;
        }
    }

    /// <summary>SN with 枝番, for 医科 and DPC JD and MF too.</summary>
    private void WriteEligibility()
    {
        var claim = _claim;
        if (!claim.HasNoBranch)
        {
            Line("SN"u8).At(1, 1).At(2, "01"u8).At(6, _branch).End(9);
        }
        else if (claim.Ordinal % 2 == 0)
        {
            // Asked for, and not told.
            Line("SN"u8).At(1, 1).At(2, "03"u8).End(9);
        }

        foreach (var fund in claim.Funds)
        {
            Line("SN"u8).At(1, 2).At(2, "01"u8).At(7, fund.Recipient).End(9);
        }

        if (claim.Kind is not (ClaimKind.Medical or ClaimKind.Dpc))
        {
            return;
        }

        var to = Line("JD"u8).At(1, 1);
        for (var day = 0; day < Math.Min(claim.Days, 29 - claim.FirstDay); day++)
        {
            to.At(1 + claim.FirstDay + day, 1);
        }

        to.End(33);
        Line("MF"u8).At(1, claim.Ceiling is null ? "00"u8 : "01"u8).End(33);
        if (claim.Kind == ClaimKind.Dpc)
        {
            Line("GR"u8).At(2, "060100xx01xxxx"u8).End(3);
        }

        Line("SY"u8).At(1, 8_800_000 + (claim.Place.Table * 1000) + (claim.Ordinal * 7)).At(2, new DateOnly(claim.Month.Year, claim.Month.Number, claim.FirstDay), claim.Place.WritesEras).At(3, 1).At(6, "01"u8).End(8);
        if (claim.Kind == ClaimKind.Dpc)
        {
            var first = new DateOnly(claim.Month.Year, claim.Month.Number, claim.FirstDay);
            Line("BU"u8).At(1, "060100xx01xxxx"u8).At(2, first, claim.Place.WritesEras).At(3, first.AddDays(claim.Days - 1), claim.Place.WritesEras).End(6);
        }
    }

    private void WriteRows()
    {
        foreach (var row in _claim.Rows)
        {
            row.Line = ++_row;
            WriteRow(row, Institutions, _row, 0);
        }

        foreach (var prescription in _claim.Prescriptions)
        {
            WritePrescription(prescription);
        }

        if (_claim.Kind == ClaimKind.Pharmacy)
        {
            Line("KI"u8).At(1, _claim.FirstDay).At(5, _claim.DispensingPoints).End(114);
        }

        if (_claim.Kind == ClaimKind.Dpc)
        {
            // What lies in the bundle.
            for (var day = 0; day < Math.Min(_claim.Days, 3); day++)
            {
                Line("CD"u8).At(1, new DateOnly(_claim.Month.Year, _claim.Month.Number, _claim.FirstDay + day), _claim.Place.WritesEras).At(2, 33).At(3, 1).At(4, day + 1)
                    .At(5, 620004422).At(6, 1).At(8, 16).At(9, 1).End(11);
            }
        }
    }

    private void WriteRow(Row row, int source, int line, int branch)
    {
        switch (row.Kind)
        {
            case RowKind.Comment:
                _to.Start(source, line, branch, "CO"u8).At(1, row.Section).At(2, Burden).At(3, row.Code).At(4, CommentText).End(5);
                return;
            case RowKind.Treatment when _claim.Kind == ClaimKind.Dental && !row.IsMeal:
                Section("SS"u8, row).At(2, Burden).At(3, row.Code).At(76, row.Points).At(77, row.Times).At(77 + row.Day, 1).End(109);
                return;
            case RowKind.Drug when _claim.Kind == ClaimKind.Dental:
                Section("IY"u8, row).At(2, Burden).At(3, row.Code).At(4, row.Quantity ?? 1).At(5, row.Points).At(6, row.Times).At(7 + row.Day, row.Times).End(39);
                return;
            default:
                var to = Section(row.Kind == RowKind.Drug ? "IY"u8 : "SI"u8, row).At(2, Burden).At(3, row.Code);
                if (row.Quantity is { } quantity)
                {
                    to.At(4, quantity);
                }

                to.At(5, row.Points).At(6, row.Times).At(12 + row.Day, row.Times).End(44);
                return;
        }

        RecordWriter Section(ReadOnlySpan<byte> name, Row of) => _to.Start(source, line, branch, name).At(1, of.Section == 0 ? null : of.Section);
    }

    /// <summary>負担区分: who shares in a row.</summary>
    private int Burden => _claim.Funds.Count == 0 ? 1 : 2;

    private void WritePrescription(Prescription prescription)
    {
        Line("SH"u8).At(1, _claim.Prescriptions.IndexOf(prescription) + 1).At(2, prescription.Form).At(3, Usage).At(5, prescription.UnitPoints).End(10);
        foreach (var filling in prescription.Fillings)
        {
            filling.Line = ++_row;
            WriteFilling(prescription, filling, Institutions, _row, 0);
        }

        foreach (var (drug, quantity) in prescription.Drugs)
        {
            Line("IY"u8).At(1, Burden).At(2, drug.Code).At(3, quantity).End(10);
        }
    }

    private void WriteFilling(Prescription prescription, Filling filling, int source, int line, int branch)
    {
        var (year, month) = (_claim.Month.Year, _claim.Month.Number);
        var (written, filled) = (new DateOnly(year, month, Math.Min(28, _claim.FirstDay)), new DateOnly(year, month, Math.Min(28, filling.Day)));
        _to.Start(source, line, branch, "CZ"u8).At(2, written, _claim.Place.WritesEras).At(3, filled, _claim.Place.WritesEras).At(4, 1).At(5, filling.Amount).At(10, filling.MakingPoints)
            .At(13, prescription.UnitPoints * filling.Amount).At(61, filling.CarePoints).End(71);
    }

    /// <summary>The examiner's lines: the new totals, and what was taken out, replaced or put in.</summary>
    private void Correct()
    {
        var claim = _claim;
        if (claim.Kind == ClaimKind.Nursing)
        {
            if (claim.Days > 1)
            {
                claim.NursingYen -= 3_000;
                CorrectTotals();
            }

            return;
        }

        if (claim.Kind == ClaimKind.Pharmacy)
        {
            if (claim.Prescriptions.Find(p => p.Fillings[0].Amount > 1) is { } prescription)
            {
                var filling = prescription.Fillings[^1];
                filling.Amount -= filling.Amount / 2;
                CorrectTotals();
                var (line, branch) = Place(filling.Line);
                WriteFilling(prescription, filling, Examiners, line, branch);
                WriteJudgement(2, filling.Line, (line, branch));
            }

            return;
        }

        if (claim.Rows.FindLastIndex(r => r is { IsUnit: true, Points: > 1 }) is var at && at >= 0)
        {
            CorrectRow(claim.Rows[at], at);
        }
    }

    private void CorrectRow(Row row, int at)
    {
        var claim = _claim;
        var cheaper = new Row(row.Kind, row.Section, row.Code, row.Times > 1 ? row.Points : row.Points * 2 / 3, Math.Max(1, row.Times - 1))
        {
            Quantity = row.Quantity, Day = row.Day, IsUnit = true, Line = row.Line,
        };
        claim.Rows.RemoveAt(at);
        if (claim.Correction != Correction.Delete)
        {
            claim.Rows.Insert(at, cheaper);
        }

        CorrectTotals();
        if (claim.Correction == Correction.Delete)
        {
            WriteJudgement(3, row.Line, null);
            return;
        }

        var (line, branch) = Place(row.Line);
        WriteRow(cheaper, Examiners, line, branch);
        WriteJudgement(claim.Correction == Correction.Swap ? 1 : 2, row.Line, (line, branch));
        if (claim.Correction == Correction.Swap)
        {
            WriteJudgement(3, row.Line, null);
        }
    }

    private void CorrectTotals()
    {
        var (line, branch) = Place(_headLine);
        WriteInsurer(Examiners, line, branch);
        WriteJudgement(2, _headLine, (line, branch));
        foreach (var fund in _claim.Funds)
        {
            (line, branch) = Place(fund.Line);
            WriteFund(fund, Examiners, line, branch);
            WriteJudgement(2, fund.Line, (line, branch));
        }
    }

    /// <summary>Where an examiner's line stands: in a row of its own, or beside the row that it replaces.</summary>
    private (int Line, int Branch) Place(int line) => _claim.Place.WritesBranchRows ? (line, 1) : (++_row, 0);

    /// <summary>JY: 1 add, 2 replace, 3 delete.</summary>
    private void WriteJudgement(int operation, int target, (int Line, int Branch)? line)
    {
        var to = Line("JY"u8, Examiners).At(1, operation).At(2, target).At(3, 0);
        if (operation != 2)
        {
            to.At(5, "C"u8);
        }

        if (line is { } place)
        {
            to.At(6, place.Line).At(7, place.Branch);
        }

        to.End(9);
    }

    private void WriteEnd()
    {
        if (_claim.Ordinal == 0)
        {
            Line("ON"u8, Examiners).At(1, 1).At(2, "01"u8).End(6);
        }

        switch (_claim.Remark)
        {
            case Remark.ReExamined:
                Line("MK"u8, Examiners).At(1, 1).At(2, billed, isEra: false).End(6);
                break;
            case Remark.Returned:
                Line("HI"u8, Examiners).At(1, 1).At(2, billed, isEra: false).End(6);
                break;
            default:
                break;
        }
    }
}
