using System.Runtime.CompilerServices;

namespace KenkoPortal.Claims.Reading;

/// <summary>Reads who billed: the header of a file, or of a claim.</summary>
internal sealed class ClaimHeaders(ClaimLines lines, Layouts layouts)
{
    private readonly RecordReader _reader = new();
    private byte[] _lastHeader = [];
    private byte[] _lastName = [];
    private ClaimHeader? _lastRead;
    private (ClaimHeader Claim, ClaimHeader File, ClaimHeader Both)? _lastNamed;

    /// <summary>What a header record tells. The same object for the same bytes.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public ClaimHeader Read(ReadOnlySpan<byte> header, RecordLayout layout, ReadOnlySpan<byte> nameElsewhere)
    {
        if (_lastRead is not null && header.SequenceEqual(_lastHeader) && nameElsewhere.SequenceEqual(_lastName))
        {
            return _lastRead;
        }

        _reader.Split(header);
        var name = _reader.Text(header, layout, Field.InstitutionName);
        TreatmentMonth? billed = _reader.Column(header, layout, Field.BilledMonth) is { IsEmpty: false } text && FieldForms.ReadMonth(text, out var month) is null ? month : null;
        _lastRead = new ClaimHeader(
            new Institution(
                _reader.Text(header, layout, Field.Prefecture),
                _reader.Text(header, layout, Field.PointTable),
                _reader.Text(header, layout, Field.InstitutionCode)!,
                nameElsewhere.IsEmpty ? name : RecordReader.TextOf(nameElsewhere) ?? name),
            billed);
        _lastHeader = header.ToArray();
        _lastName = nameElsewhere.ToArray();
        return _lastRead;
    }

    /// <summary>The header of a claim: its own where it has one, or else the file's.</summary>
    /// <param name="place">The claim's own header among the lines; below 0 for none.</param>
    /// <param name="start">The line that the claim begins with.</param>
    /// <param name="fileHeader">Of the file, on the provider's side.</param>
    /// <returns>Null where neither has one.</returns>
    [MethodImpl(Compiled.AtOnce)]
    public ClaimHeader? Of(int place, in ClaimLine start, ClaimHeader? fileHeader)
    {
        if (place < 0)
        {
            return fileHeader;
        }

        ref var header = ref lines[place];
        var read = Read(lines.Record(header), layouts.Find(header.Record)!, NameInStart(start));
        return fileHeader is null || read.Institution.Name is not null ? read : Named(read, fileHeader);
    }

    /// <summary>歯科 on the institution's side: IR begins each claim and has no name, UK begins the file and has it. Another institution's name is none of its own.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private ClaimHeader Named(ClaimHeader claim, ClaimHeader file)
    {
        if (_lastNamed is { } last && ReferenceEquals(last.Claim, claim) && ReferenceEquals(last.File, file))
        {
            return last.Both;
        }

        var (own, named) = (claim.Institution, file.Institution);
        var isSame = own.Code == named.Code && (own.Prefecture ?? named.Prefecture) == named.Prefecture;
        var both = isSame ? new ClaimHeader(own with { Name = named.Name, Prefecture = named.Prefecture }, claim.BilledMonth ?? file.BilledMonth) : claim;
        _lastNamed = (claim, file, both);
        return both;
    }

    /// <summary>On the insurer's side the name of a dentist stands in MN.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private ReadOnlySpan<byte> NameInStart(in ClaimLine start)
    {
        if (layouts.Find(RecordName.Mn) is not { } layout)
        {
            return default;
        }

        var record = lines.Record(start);
        _reader.Split(record);
        return _reader.Column(record, layout, Field.InstitutionName);
    }
}
