using System.Globalization;
using System.Text;

namespace KenkoPortal.Claims;

/// <summary>What is wrong.</summary>
public enum ClaimFaultKind
{
    /// <summary>The first records are those of no kind of claims file.</summary>
    UnknownFile,

    /// <summary>The file is written in another encoding than CP932. Nothing of it is read: some of its bytes would come out as other letters.</summary>
    OtherEncoding,

    /// <summary>A ZIP: what is in it has to be unpacked first.</summary>
    PackedFile,

    /// <summary>返戻 (HEN, SAH): claims that went back to their institutions, as they were billed.</summary>
    ReturnFile,

    /// <summary>労災: claims of the insurance of accidents at work.</summary>
    AccidentFile,

    /// <summary>Bytes that are no CP932.</summary>
    Undecodable,

    /// <summary>A control character.</summary>
    ControlCharacter,

    /// <summary>Longer than any line of a claim.</summary>
    LineTooLong,

    /// <summary>データ識別, 行番号 or 枝番号 is no number.</summary>
    PrefixUnreadable,

    /// <summary>A record that this kind of claims does not have.</summary>
    UnknownRecord,

    /// <summary>Fewer columns than the record has.</summary>
    ColumnsMissing,

    /// <summary>More columns than the record has, with something in them.</summary>
    ColumnsTooMany,

    /// <summary>Blank, where a value must be.</summary>
    ValueMissing,

    /// <summary>Blank, where the standard has a value that a notice needs not. Told once a file and column; the claim is delivered.</summary>
    ValueUnusual,

    /// <summary>No number.</summary>
    NotANumber,

    /// <summary>Not the digits that belong there.</summary>
    NotACode,

    /// <summary>None of the forms of a date or month.</summary>
    NotADate,

    /// <summary>A date or month that the calendar does not have, or of a year that no era names.</summary>
    NoSuchDay,

    /// <summary>The date exists, but in another era.</summary>
    OtherEra,

    /// <summary>保険者番号 of a wrong form, or with a wrong check digit.</summary>
    NotAnInsurerNumber,

    /// <summary>レセプト種別 that does not exist, or of another kind of claims.</summary>
    NotAClaimType,

    /// <summary>A record without which there is no claim.</summary>
    RecordMissing,

    /// <summary>A record that may come once only.</summary>
    RecordTwice,

    /// <summary>Two lines of a claim with the same 行番号 and 枝番号.</summary>
    LineNumberTwice,

    /// <summary>JY with another operation than 1, 2 and 3.</summary>
    CorrectionUnknown,

    /// <summary>JY without its target.</summary>
    CorrectionWithoutTarget,

    /// <summary>JY without the line that it brings in.</summary>
    CorrectionWithoutLine,

    /// <summary>JY that brings in a line that another one brought in, or a line of the institution's own.</summary>
    CorrectionLineUsed,

    /// <summary>A line of the examiner's that no JY brings in.</summary>
    LineWithoutCorrection,

    /// <summary>A claim larger, or with more lines, than any claim is.</summary>
    ClaimTooLarge,

    /// <summary>A line that does not belong to a claim, where a claim should begin.</summary>
    OutsideAClaim,

    /// <summary>The same drug or treatment row twice in a row. The claim is delivered.</summary>
    LineRepeated,

    /// <summary>The number of the claim before it: it may have been written twice. The claim is delivered.</summary>
    ClaimRepeated,

    /// <summary>診療年月 is after the month in which the institution billed. The claim is delivered.</summary>
    MonthAfterBilled,

    /// <summary>More 実日数 than the month has days; 調剤 counts prescriptions. The claim is delivered.</summary>
    TooManyDays,

    /// <summary>A detail of a DPC claim, and no summary above it. Details are not delivered, so its points are missing.</summary>
    DetailWithoutSummary,

    /// <summary>GO counts others than the file has: one for the insurance and one for each public fund of a claim. The claims are delivered.</summary>
    CountDiffers,

    /// <summary>GO sums other points than the file has. The claims are delivered.</summary>
    PointsDiffer,

    /// <summary>An institution's file without GO: it may have been cut off. The claims are delivered.</summary>
    EndMissing,

    /// <summary>The last claim's lines do not come to its points: the file was cut off.</summary>
    CutShort,

    /// <summary>The last claim's lines came to its points as billed, and do not as examined: corrections may have been cut off. The claim is delivered.</summary>
    CorrectionsShort,

    /// <summary>Lines after GO that no header of a next part precedes. They are not read.</summary>
    AfterEnd,

    /// <summary>The claim is another insurer's than the one for whom it is read. The reader knows of none: who takes its claims over tells.</summary>
    OtherInsurer,
}

/// <summary>What is wrong at one place of a file.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1, as the file has it: on the insurer's side the three leading columns count.</param>
/// <param name="Field">The column's Japanese name by the record's layout, or what stands for it where no column is at fault.</param>
/// <param name="ClaimNumber">The claim's number, where it is known.</param>
/// <param name="SetsAside">Whether a claim was set aside for it.</param>
public sealed record ClaimFault(ClaimFaultKind Kind, long Line, int Column, string Field, string? ClaimNumber, bool SetsAside)
{
    /// <summary>What was found, cut to 40 characters and with 〓 for what cannot be shown. It quotes the file, so it is personal data.</summary>
    public string? Found { get; init; }

    /// <summary>What belongs there, where that is not plain from the kind.</summary>
    public string? Expected { get; init; }

    /// <summary>What is wrong, in Japanese, for the clerk's screen; never for a log, since it quotes the file.</summary>
    public string Message
    {
        get
        {
            var format = ClaimFaultText.ResourceManager.GetString(Kind.ToString(), CultureInfo.CurrentUICulture) ?? Kind.ToString();
            var text = new StringBuilder().AppendFormat(CultureInfo.InvariantCulture, format, Found, Expected);
            if (ClaimNumber is not null)
            {
                text.AppendFormat(CultureInfo.InvariantCulture, SetsAside ? ClaimFaultText.SetAside : ClaimFaultText.OfClaim, ClaimNumber);
            }

            return text.ToString();
        }
    }

    /// <summary><c>FILE:LINE:COLUMN（見出し）: message</c>.</summary>
    public string Render(string fileName) => string.Create(CultureInfo.InvariantCulture, $"{fileName}:{Line}:{Column}（{Field}）: {Message}");

    /// <summary>The place and the kind alone: a record's own ToString would carry the message into whatever logs it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Line}:{Column} {Kind}");
}
