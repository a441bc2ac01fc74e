using KenkoPortal.Claims;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.ReceivedClaims.Import;

/// <summary>
/// Keeps another insurer's claims out of one file. Control numbers are unique with one insurer only: another's claim under the same number would take the place of
/// the society's, or withdraw it. A claim that public funds alone pay names no insurer; whose it is, the rest of its file tells, or the folder of the delivery.
/// </summary>
internal sealed class OtherInsurers(string insurerNumber, ClaimSource source, Action<string, ClaimFault>? faults)
{
    /// <summary>Named one by one; the rest is counted.</summary>
    private const int MostTold = 20;

    private string? _first;
    private bool _hasOwn;
    private bool _hasNameless;

    /// <summary>Claims of other insurers so far.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the claim is another insurer's, which is told.</summary>
    public bool Has(DeliveredClaim delivered)
    {
        var found = delivered.AsExamined.InsurerNumber;
        if (found is null || string.Equals(found, insurerNumber, StringComparison.Ordinal))
        {
            _hasOwn |= found is not null;
            _hasNameless |= found is null;
            return false;
        }

        _first ??= found;
        if (++Count <= MostTold)
        {
            faults?.Invoke(source.Name, new ClaimFault(
                ClaimFaultKind.OtherInsurer, delivered.Line, 1, ClaimFilesText.InsurerNumber, delivered.AsExamined.Number, SetsAside: true)
            {
                Found = found,
                Expected = insurerNumber,
            });
        }

        return true;
    }

    /// <summary>After the last claim.</summary>
    /// <exception cref="PortalInputException">The file is another insurer's.</exception>
    public void RefuseFile()
    {
        if (_hasOwn)
        {
            return;
        }

        var found = _first ?? (_hasNameless ? DeliveryFolder.Of(source.Path)?.InsurerNumber : null);
        if (found is not null && !string.Equals(found, insurerNumber, StringComparison.Ordinal))
        {
            throw new PortalInputException(ClaimFilesText.OtherInsurersFile.With(source.Name, found, insurerNumber));
        }
    }
}
