using System.Runtime.InteropServices;

namespace KenkoPortal.Core.ReceivedClaims.Import;

/// <summary>A claim as the society has it.</summary>
/// <param name="Fingerprint">Of its contents.</param>
/// <param name="Time">Where it stands among the deliveries.</param>
/// <param name="IsReExamined">It was re-examined (再審査).</param>
/// <param name="IsWithdrawn">It was returned (返戻) and does not count.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct KnownClaim(long Fingerprint, ClaimTime Time, bool IsReExamined, bool IsWithdrawn);

/// <summary>The same claim as a delivery brings it.</summary>
/// <param name="Fingerprint">Of its contents.</param>
/// <param name="Time">Where it stands among the deliveries.</param>
/// <param name="IsReExamined">The delivery marks it as re-examined.</param>
/// <param name="IsReturned">The delivery returns it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ArrivingClaim(long Fingerprint, ClaimTime Time, bool IsReExamined, bool IsReturned);

/// <summary>What a claim that arrives does to the one that is known.</summary>
public enum DeliveryEffect
{
    /// <summary>It is the earlier one and says what is known: nothing changes, not even the time.</summary>
    ReadAgain,

    /// <summary>It says something else than what is known, and what is known counts.</summary>
    Outdated,

    /// <summary>It says what is known; only its time is noted.</summary>
    Unchanged,

    /// <summary>It withdraws the claim.</summary>
    Withdraws,

    /// <summary>The claim was withdrawn and counts again with the contents of before.</summary>
    Revives,

    /// <summary>The claim has the contents of before and is re-examined from now on.</summary>
    ReExamines,

    /// <summary>Its contents take the place of those of before.</summary>
    Replaces,
}

/// <summary>
/// Decides which of two deliveries of one claim counts. Clerks read deliveries in any order and read some twice, so the order of reading decides only where
/// neither the delivery's month nor the month of billing does.
/// </summary>
public static class DeliveryOrder
{
    public static DeliveryEffect Judge(KnownClaim known, ArrivingClaim arriving)
    {
        var order = arriving.Time.Against(known.Time);
        var isSame = arriving.Fingerprint == known.Fingerprint;
        if (order < 0)
        {
            var isKnown = arriving.IsReturned ? known.IsWithdrawn : isSame;
            return isKnown ? DeliveryEffect.ReadAgain : DeliveryEffect.Outdated;
        }

        var isLater = order > 0;
        if (arriving.IsReturned)
        {
            return Returned(known, isSame, isLater);
        }

        return isSame ? Same(known, arriving.IsReExamined, isLater) : Changed(known, arriving.IsReExamined, isLater);
    }

    /// <summary>A return has the contents that it returns. Other contents than the re-examined ones belong to an older return, unless the months say otherwise.</summary>
    private static DeliveryEffect Returned(KnownClaim known, bool isSame, bool isLater)
    {
        if (known.IsWithdrawn)
        {
            return DeliveryEffect.Unchanged;
        }

        return known.IsReExamined && !isSame && !isLater ? DeliveryEffect.Outdated : DeliveryEffect.Withdraws;
    }

    /// <summary>A returned claim that comes again with the same contents is the delivery of before, read again, unless it is later or re-examined.</summary>
    private static DeliveryEffect Same(KnownClaim known, bool isReExamined, bool isLater)
    {
        if (known.IsWithdrawn && (isReExamined || isLater))
        {
            return DeliveryEffect.Revives;
        }

        return isReExamined && !known.IsReExamined ? DeliveryEffect.ReExamines : DeliveryEffect.Unchanged;
    }

    /// <summary>The original does not replace the re-examined claim, unless it is later.</summary>
    private static DeliveryEffect Changed(KnownClaim known, bool isReExamined, bool isLater) =>
        known.IsReExamined && !isReExamined && !isLater ? DeliveryEffect.Outdated : DeliveryEffect.Replaces;
}
