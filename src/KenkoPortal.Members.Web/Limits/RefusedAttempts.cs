using System.Net;
using System.Security.Cryptography;

namespace KenkoPortal.Members.Web.Limits;

/// <summary>
/// Counts wrong credentials on the counter that their request fell on, and writes refusals to the log, where an alarm or fail2ban reads them (S16). A line
/// names the form and the source. The source is a name that this process makes of the address and that no other can make; only where the operator asks
/// for it (<c>Portal__LogAddresses</c>) it is the address itself, which is personal data (row G1).
/// </summary>
public sealed partial class RefusedAttempts(NetworkThrottle throttle, SourceNaming naming, ILogger<RefusedAttempts> logger)
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>For a form whose credentials were wrong.</summary>
    public void Count(HttpContext context)
    {
        if (context.Features.Get<CountedAttempt>() is { } counted)
        {
            throttle.CountFailure(counted.Count);
            LogRefused(counted.Form, SourceOf(context.Connection.RemoteIpAddress));
        }
    }

    /// <summary>For an answer 429; once a minute for each source.</summary>
    public void TellOfLimit(HttpContext context, NetworkCount count)
    {
        if (throttle.IsToTell(count))
        {
            LogLimited(count.Purpose, SourceOf(context.Connection.RemoteIpAddress));
        }
    }

    private string SourceOf(IPAddress? address)
    {
        var actual = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address ?? IPAddress.IPv6None;
        return naming.IsAddress ? actual.ToString() : Convert.ToHexStringLower(HMACSHA256.HashData(_key, actual.GetAddressBytes())[..6]);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused {Form} from {Source}")]
    private partial void LogRefused(string form, string source);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Limited {Form} from {Source}")]
    private partial void LogLimited(string form, string source);
}

/// <summary>How a log line names the source of a refused request.</summary>
/// <param name="IsAddress">By its network address, in place of a name made of it.</param>
public sealed record SourceNaming(bool IsAddress);

/// <summary>On which counter a request fell.</summary>
public sealed record CountedAttempt(string Form, NetworkCount Count);
