using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace KenkoPortal.Core.ReceivedClaims.Import;

/// <summary>Tells whether a claim that comes again says the same: 64 bits of SHA-256 over what the society keeps of it. Not for several threads.</summary>
public sealed class ClaimFingerprint
{
    /// <summary>Other insurers' claims, which were kept once, had 1.</summary>
    private const int OwnInsurers = 0;

    private byte[] _bytes = new byte[1024];
    private int _length;

    public long Of(ReceivedClaim claim)
    {
        _length = 0;
        Add(claim.Number);
        Add(claim.InstitutionKey);
        Add(claim.InstitutionName);
        Add(claim.PrescriberKey);
        Add(claim.SymbolKey);
        Add(claim.NumberKey);
        Add(claim.Branch);
        Add(claim.NameKey);
        Add(claim.Drugs);
        Add((claim.Month.Year * 100) + claim.Month.Month);
        Add((int)claim.Care);
        Add(claim.BirthDate.DayNumber);
        Add((int)claim.Sex);
        Add(claim.Days);
        foreach (var (_, value) in ClaimAmounts.Fields)
        {
            Add(value(claim.Amounts));
        }

        Add(claim.PatientPercent);
        Add(OwnInsurers);
        if (claim.PrescriberName is not null || claim.PrescribedMonths is not null)
        {
            Add(claim.PrescriberName);
            Add(claim.PrescribedMonths);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_bytes.AsSpan(0, _length), hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }

    private void Add(string? text)
    {
        Add(text?.Length);
        var bytes = MemoryMarshal.AsBytes(text.AsSpan());
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    private void Add(int? number)
    {
        var room = Room(5);
        room[0] = number is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt32LittleEndian(room[1..], number ?? 0);
        _length += 5;
    }

    private Span<byte> Room(int length)
    {
        if (_length + length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + length));
        }

        return _bytes.AsSpan(_length, length);
    }
}
