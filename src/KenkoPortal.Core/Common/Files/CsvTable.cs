using System.Text;
using CsvHelper;

namespace KenkoPortal.Core.Common.Files;

/// <summary>CSV in UTF-8 or CP932, read strictly.</summary>
internal sealed class CsvTable : DrugListTable
{
    private const int MaxRecordBytes = 64 * 1024;

    private readonly CsvReader _csv;
    private CsvMalformedRecord? _malformed;
    private bool _isOpened;
    private bool _isBroken;

    public CsvTable(ListBytes bytes) => _csv = CsvReader.Create(
        bytes,
        new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false,
            Encoding = Encoding.UTF8,
            TrackLineNumbers = true,
            MaxRecordSize = MaxRecordBytes,
            IncludeValuesInExceptions = false,
            OnMalformedRecord = malformed => _malformed = malformed,
        },
        leaveOpen: false);

    public override bool IsRectangular => true;

    public override bool Read()
    {
        Cells.Clear();
        (Fault, FaultColumn, _malformed) = (null, 1, null);
        if (_isBroken)
        {
            return false;
        }

        try
        {
            if (!_csv.Read())
            {
                return false;
            }
        }
        catch (CsvFormatException failure)
        {
            _isBroken = true;
            Line = (int)Math.Max(failure.LineNumber, Line + 1);
            Fault = FilesText.RowTooLong;
            return true;
        }

        Line = (int)Math.Min(int.MaxValue, _csv.LineNumber);
        for (var i = 0; i < _csv.FieldCount; i++)
        {
            Cells.Add(_csv.GetString(i).Trim());
        }

        if (_malformed is { } malformed)
        {
            Fault = malformed.Reason == CsvMalformedReason.UnterminatedQuote ? FilesText.QuoteOpen : FilesText.QuoteStray;
        }

        return true;
    }

    public override bool NextSheet()
    {
        var isFirst = !_isOpened;
        _isOpened = true;
        return isFirst;
    }

    protected override void Dispose(bool disposing)
    {
        _csv.Dispose();
        base.Dispose(disposing);
    }
}
