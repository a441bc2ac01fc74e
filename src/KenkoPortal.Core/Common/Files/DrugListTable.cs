namespace KenkoPortal.Core.Common.Files;

/// <summary>A file as rows of text, whatever it is made of. Only <see cref="Read"/> moves on.</summary>
internal abstract class DrugListTable : IDisposable
{
    /// <summary>Cells of the current row, trimmed; those behind the last written one may be missing.</summary>
    public List<string> Cells { get; } = [];

    /// <summary>Where the current row begins, from 1.</summary>
    public int Line { get; protected set; }

    /// <summary>What is wrong with the current row as such, in Japanese; null if nothing.</summary>
    public string? Fault { get; protected set; }

    /// <summary>Column of <see cref="Fault"/>, from 1.</summary>
    public int FaultColumn { get; protected set; } = 1;

    /// <summary>Whether each row has to have as many cells as the headings.</summary>
    public abstract bool IsRectangular { get; }

    /// <summary>Goes to the next row; false behind the last.</summary>
    public abstract bool Read();

    /// <summary>Goes to the next sheet; false behind the last. A new table stands before its first.</summary>
    public abstract bool NextSheet();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
