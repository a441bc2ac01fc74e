using KenkoPortal.Pdf.Writing;

namespace KenkoPortal.Pdf;

/// <summary>A page. It is finished when it is disposed, before the next one begins.</summary>
public sealed class PdfPage : PdfCanvas, IDisposable
{
    private readonly PdfStencil? _stencil;
    private bool _finished;

    internal PdfPage(PdfDocument document, PageSize size, ByteBuffer content, PdfStencil? stencil, int index)
        : base(document, size, content, firstMark: stencil?.NextMark ?? 0)
    {
        _stencil = stencil;
        Index = index;
        if (stencil is not null)
        {
            Missing.UnionWith(stencil.Missing);
        }
    }

    /// <summary>The page's place in the document, from 0.</summary>
    public int Index { get; }

    internal ReadOnlySpan<byte> Drawing => Content.Span;

    internal IReadOnlyList<StructureNode> Nodes => RootNodes;

    private bool IsStencilRead { get; set; }

    /// <summary>
    /// Says that the stencil's words come here in the order of reading; without this they come first.
    /// No effect on what is seen: the stencil always lies beneath.
    /// </summary>
    public void ReadStencil()
    {
        Require();
        if (_stencil is null || IsStencilRead)
        {
            throw new InvalidOperationException("The page has no stencil, or it was read already.");
        }
        IsStencilRead = true;
        foreach (var node in _stencil.Nodes)
        {
            Add(node);
        }
    }

    /// <summary>Finishes the page.</summary>
    public void Dispose()
    {
        if (_finished)
        {
            return;
        }
        _finished = true;
        Finish();
        if (_stencil is not null && !IsStencilRead)
        {
            RootNodes.InsertRange(0, _stencil.Nodes);
        }
        Document.Complete(this, _stencil);
    }
}
