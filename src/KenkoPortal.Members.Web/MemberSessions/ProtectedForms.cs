using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace KenkoPortal.Members.Web.MemberSessions;

/// <summary>
/// Carries what was typed on one page through the next (現在のパスワード) in a sealed hidden field, so that nothing is saved before the
/// password was right. Bound to the session; good for half an hour.
/// </summary>
public sealed class ProtectedForms(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(30);

    public string Seal<T>(T form, Guid sessionId) => Protector(sessionId).Protect(JsonSerializer.Serialize(form), Validity);

    /// <summary>Null when it was changed, is of another session, or too old.</summary>
    public T? Open<T>(string? seal, Guid sessionId)
        where T : class
    {
        try
        {
            return seal is null ? null : JsonSerializer.Deserialize<T>(Protector(sessionId).Unprotect(seal));
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            return null;
        }
    }

    private ITimeLimitedDataProtector Protector(Guid sessionId) =>
        protection.CreateProtector("KenkoPortal.ProtectedForms", sessionId.ToString()).ToTimeLimitedDataProtector();
}
