using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.ReceivedClaims;

namespace KenkoPortal.Core.Publication;

/// <summary>How months, amounts and kinds of care are written, on the screen and on paper.</summary>
public static class NoticeWords
{
    /// <summary><c>2026年4月</c>.</summary>
    public static string Of(TreatmentMonth month) => NoticeText.Month.With(month.Year, month.Month);

    /// <summary>診療区分.</summary>
    public static string Of(CareKind care) => care switch
    {
        CareKind.MedicalInpatient => NoticeText.MedicalInpatient,
        CareKind.MedicalOutpatient => NoticeText.MedicalOutpatient,
        CareKind.DentalInpatient => NoticeText.DentalInpatient,
        CareKind.DentalOutpatient => NoticeText.DentalOutpatient,
        CareKind.Pharmacy => NoticeText.Pharmacy,
        _ => NoticeText.HomeNursing,
    };

    /// <summary><c>12,340円</c>.</summary>
    public static string Yen(long yen) => NoticeText.Yen.With(Number(yen));

    /// <summary><c>12,340</c>.</summary>
    public static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>日数・回数 with its unit: 調剤 counts prescriptions.</summary>
    public static string Days(CareKind care, int days) => (care == CareKind.Pharmacy ? NoticeText.Times : NoticeText.Days).With(days);

    /// <summary>備考: 査定 and 公費あり; empty where there is neither.</summary>
    public static string Note(MedicalCostRow row)
    {
        var correction = row.Amounts.CorrectionYen == 0 ? null : NoticeText.Correction.With(NoticeText.Yen.With(row.Amounts.CorrectionYen.ToString("+#,0;-#,0", CultureInfo.InvariantCulture)));
        return correction is null ? row.Amounts.HasPublicFunds ? NoticeText.PublicFunds : ""
            : row.Amounts.HasPublicFunds ? correction + NoticeText.NoteSeparator + NoticeText.PublicFunds : correction;
    }
}
