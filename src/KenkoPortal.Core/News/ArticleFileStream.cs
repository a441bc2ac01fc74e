using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.News;

/// <summary>
/// An attachment read from the database a piece at a time, as fast as its reader takes it: a slow reader holds one piece in memory, and neither a connection nor a transaction between
/// two. A file that is removed meanwhile ends with a fault, not short.
/// </summary>
/// <param name="db">Lives as long as the stream.</param>
/// <param name="id">The attachment; who may read it was asked before.</param>
/// <param name="length">Its bytes.</param>
internal sealed class ArticleFileStream(PortalContext db, Guid id, long length) : Stream
{
    private const int Piece = 256 * 1024;
    private byte[] _piece = [];
    private long _pieceFrom;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = value is >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= length || buffer.IsEmpty)
        {
            return 0;
        }

        if (_position < _pieceFrom || _position >= _pieceFrom + _piece.Length)
        {
            (_piece, _pieceFrom) = (await LoadAsync(cancellationToken), _position);
        }

        var rest = _piece.AsMemory((int)(_position - _pieceFrom));
        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The database is asked asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Both databases count a byte string's places from 1.</summary>
    private async Task<byte[]> LoadAsync(CancellationToken cancellationToken)
    {
        var (from, most, society) = ((int)_position + 1, (int)Math.Min(Piece, length - _position), db.SocietyId);
        var rows = await db.Database.SqlQuery<byte[]>(
            $"""SELECT substr("Content", {from}, {most}) AS "Value" FROM "ArticleAttachments" WHERE "Id" = {id} AND "SocietyId" = {society}""").ToListAsync(cancellationToken);
        return rows is [{ } bytes] && bytes.Length == most ? bytes : throw new IOException("The attachment is no longer there.");
    }
}
