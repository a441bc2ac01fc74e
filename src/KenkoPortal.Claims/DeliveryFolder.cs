using System.Text;
using KenkoPortal.Claims.Reading;

namespace KenkoPortal.Claims;

/// <summary>What the folders of a delivery tell of the files in them: <c>請求年月/保険者番号/0_COMMON001/</c>.</summary>
/// <param name="Month">請求年月: when it was delivered, by which two deliveries are told apart.</param>
/// <param name="InsurerNumber">保険者番号, whose it is.</param>
public sealed record DeliveryFolder(TreatmentMonth Month, string InsurerNumber)
{
    private const string Common = "0_COMMON001";

    /// <summary>Of a file's path; null where it does not lie in such folders.</summary>
    public static DeliveryFolder? Of(string path)
    {
        var common = Path.GetDirectoryName(Path.GetFullPath(path));
        var insurer = Path.GetDirectoryName(common);
        var number = Path.GetFileName(insurer) ?? "";
        return string.Equals(Path.GetFileName(common), Common, StringComparison.OrdinalIgnoreCase)
            && number.Length is 6 or 8 && !number.AsSpan().ContainsAnyExceptInRange('0', '9')
            && FieldForms.ReadMonth(Encoding.UTF8.GetBytes(Path.GetFileName(Path.GetDirectoryName(insurer)) ?? ""), out var month) is null
            ? new DeliveryFolder(month, number)
            : null;
    }
}
