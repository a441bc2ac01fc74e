using System.Runtime.InteropServices;

namespace KenkoPortal.Claims.Reading;

/// <summary>What is known of the claim whose lines are being gathered.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct OpenClaim
{
    public long FirstLine;
    public string? Number;
    public bool HasClaim;
    public bool HasInsurance;
    public bool HasBody;
    public int UnknownTail;
    public int Unknown;

    /// <summary>HO and KO.</summary>
    public int Payers;
    public int LastRow;
    public bool IsTooLarge;
    public bool HasTooManyLines;
}
