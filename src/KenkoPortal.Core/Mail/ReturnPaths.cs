using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Mail;

/// <summary>
/// Return paths that name and prove their own mail: <c>b-ID.MAC@bounce-domain</c>, both in hexadecimal, since mail systems fold case.
/// A bounce counts only with its own (row M10).
/// </summary>
public sealed class ReturnPaths(PortalKeys keys)
{
    private const string Prefix = "b-";
    private const int MacLength = 10;

    public string For(Guid mailId, string bounceDomain) => $"{Prefix}{mailId:N}{Convert.ToHexStringLower(Mac(mailId))}@{bounceDomain}";

    /// <summary>The mail that a recipient's local part names; null when it is no return path of ours.</summary>
    public Guid? MailOf(string localPart)
    {
        const int idLength = 32;
        if (localPart.Length != Prefix.Length + idLength + (2 * MacLength) || !localPart.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            || !Guid.TryParseExact(localPart.AsSpan(Prefix.Length, idLength), "N", out var mailId))
        {
            return null;
        }

        var mac = new byte[MacLength];
        var parsed = Convert.FromHexString(localPart.AsSpan(Prefix.Length + idLength), mac, out _, out var written);
        return parsed == System.Buffers.OperationStatus.Done && written == MacLength && keys.IsMac(KeyPurpose.ReturnPath, mailId.ToByteArray(), mac)
            ? mailId
            : null;
    }

    private byte[] Mac(Guid mailId) => keys.Mac(KeyPurpose.ReturnPath, mailId.ToByteArray())[..MacLength];
}
