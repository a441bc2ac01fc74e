using System.Runtime.InteropServices;
using KenkoPortal.Claims;

namespace KenkoPortal.Core.ReceivedClaims.Import;

/// <summary>
/// Where a claim stands among others of its key. The folder of the delivery tells it. Where one came without a folder, or both came together, the month in which
/// the institution billed tells it: the institution bills a returned claim anew later. <see cref="DeliveryOrder"/> decides what follows.
/// </summary>
/// <param name="Delivered">請求年月 of the delivery.</param>
/// <param name="Billed">請求年月 by the institution.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ClaimTime(TreatmentMonth? Delivered, TreatmentMonth? Billed)
{
    /// <returns>Below 0 if it is earlier than the other, above 0 if later, 0 where nothing tells.</returns>
    public int Against(ClaimTime other) => Compare(Delivered, other.Delivered) is not 0 and var order ? order : Compare(Billed, other.Billed);

    /// <summary>After another one took its place: what that one does not tell stays.</summary>
    public ClaimTime Then(ClaimTime next) => new(next.Delivered ?? Delivered, next.Billed ?? Billed);

    private static int Compare(TreatmentMonth? one, TreatmentMonth? other) => one is { } first && other is { } second ? first.CompareTo(second) : 0;
}
