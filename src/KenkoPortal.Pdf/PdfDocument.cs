using System.Globalization;
using System.Security;
using System.Text;
using KenkoPortal.Pdf.Fonts;
using KenkoPortal.Pdf.Writing;

namespace KenkoPortal.Pdf;

/// <summary>
/// Writes a tagged PDF 1.7 page by page. A finished page leaves the memory with the next <see cref="Flush"/>; what is kept is a few
/// bytes for each object, and which characters were used. Fonts, cross references and the heads of the trees are written by
/// <see cref="Finish"/>. Not safe for several threads.
/// </summary>
/// <remarks>The stream is written only by Flush, Finish and their asynchronous twins, never read, never moved in, and not closed.</remarks>
public sealed class PdfDocument
{
    private const int PagesInABranch = 32;
    private const int ParentsInALeaf = 256;

    private readonly ObjectWriter _objects;
    private readonly PdfDocumentOptions _options;
    private readonly ByteBuffer _scratch = new();
    private readonly ByteBuffer _pageContent = new(1 << 13);
    private readonly Dictionary<TrueTypeFont, DocumentFont> _fonts = [];
    private readonly List<PdfBitmap> _bitmaps = [];
    private readonly List<int> _branches = [];
    private readonly List<int> _branchPages = [];
    private readonly List<int> _parentArrays = [];
    private readonly Stack<OpenElement> _openElements = new();
    private readonly List<int> _kids = [];
    private readonly Dictionary<string, List<int>> _missing = new(StringComparer.Ordinal);
    private readonly int _pageTree;
    private readonly int _resources;
    private readonly int _structureRoot;
    private readonly OpenElement _root;
    private (TrueTypeFont Font, DocumentFont Used) _lastFont;
    private bool _isPageOpen;
    private int[] _owners = [];
    private bool _finished;

    /// <param name="output">Where the document goes.</param>
    /// <param name="options">Title and date.</param>
    public PdfDocument(Stream output, PdfDocumentOptions options)
    {
        _options = options;
        _objects = new ObjectWriter(output, options.Compression);
        _pageTree = _objects.Reserve();
        _resources = _objects.Reserve();
        _structureRoot = _objects.Reserve();
        _root = new OpenElement(_objects.Reserve(), "Document");
        _openElements.Push(_root);
    }

    /// <summary>The pages that are finished.</summary>
    public int PageCount { get; private set; }

    /// <summary>The bytes that wait for <see cref="Flush"/>.</summary>
    public int Waiting => _objects.Waiting;

    /// <summary>The characters that no font has, in the order of their first appearance.</summary>
    public IReadOnlyList<MissingCharacter> MissingCharacters =>
        [.. _missing.Select(missing => new MissingCharacter(missing.Key, missing.Value))];

    /// <summary>
    /// Opens a structure element that may reach over several pages; it holds the pages' elements until it is disposed. Elements nest.
    /// </summary>
    /// <param name="tag">What it is, say <see cref="PdfTag.Section"/>.</param>
    public IDisposable Begin(PdfTag tag)
    {
        RequireNoPage();
        var element = new OpenElement(_objects.Reserve(), StructureNode.NameOf(tag));
        _openElements.Peek().Kids.Add(element.ObjectNumber);
        _openElements.Push(element);
        return new OpenScope(this, element);
    }

    /// <summary>Begins a page. Dispose it to finish it.</summary>
    /// <param name="size">Its size; with a stencil, the stencil's.</param>
    /// <param name="stencil">What lies beneath everything else on the page.</param>
    /// <exception cref="InvalidOperationException">The page before is not finished, or the document is.</exception>
    public PdfPage AddPage(PageSize size, PdfStencil? stencil = null)
    {
        RequireNoPage();
        if (stencil is not null)
        {
            if (!ReferenceEquals(stencil.Owner, this) || stencil.Size != size)
            {
                throw new ArgumentException("The stencil is of another document or size.", nameof(stencil));
            }
            stencil.Seal(_objects);
        }
        _pageContent.Clear(keepAtMost: 1 << 16);
        _isPageOpen = true;
        return new PdfPage(this, size, _pageContent, stencil, PageCount);
    }

    /// <summary>Begins a drawing that many pages share.</summary>
    public PdfStencil CreateStencil(PageSize size)
    {
        RequireUnfinished();
        return new PdfStencil(this, size);
    }

    /// <summary>Takes in a picture of black squares, such as a QR code. What is not black stays open.</summary>
    /// <param name="modules">Row by row from the top, true for black. A QR code's quiet zone of four modules is the caller's to leave.</param>
    public PdfBitmap AddBitmap(bool[,] modules)
    {
        RequireUnfinished();
        var (height, width) = (modules.GetLength(0), modules.GetLength(1));
        if (height == 0 || width == 0)
        {
            throw new ArgumentException("A picture has at least one square.", nameof(modules));
        }
        // Runs of black squares in one path: sharp at every resolution, and no hair lines between neighbours.
        _scratch.Clear();
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var start = x;
                while (x < width && modules[y, x])
                {
                    x++;
                }
                if (x > start)
                {
                    _scratch.Numbers(start, height - 1 - y, x - start, 1).Raw("re\n"u8);
                }
            }
        }
        _scratch.Raw("f\n"u8);
        var bitmap = new PdfBitmap(this, _bitmaps.Count, _objects.Reserve(), width, height);
        _objects.WriteCompressed(
            bitmap.ObjectNumber,
            string.Create(CultureInfo.InvariantCulture, $"/Type/XObject/Subtype/Form/BBox[0 0 {width} {height}]"),
            _scratch.Span);
        _bitmaps.Add(bitmap);
        return bitmap;
    }

    /// <summary>Writes what is finished to the stream.</summary>
    public void Flush() => _objects.Flush();

    /// <summary>Writes what is finished to the stream.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _objects.FlushAsync(cancellationToken);

    /// <summary>Writes the rest of the document. Nothing can be added afterwards.</summary>
    /// <exception cref="InvalidOperationException">It has no page, or a page or element is open.</exception>
    /// <exception cref="FontFormatException">An outline that is used is damaged.</exception>
    public void Finish()
    {
        Complete();
        _objects.Flush();
    }

    /// <inheritdoc cref="Finish"/>
    public ValueTask FinishAsync(CancellationToken cancellationToken = default)
    {
        Complete();
        return _objects.FlushAsync(cancellationToken);
    }

    internal DocumentFont Use(TrueTypeFont font)
    {
        if (!ReferenceEquals(_lastFont.Font, font))
        {
            if (!_fonts.TryGetValue(font, out var used))
            {
                _fonts[font] = used = new DocumentFont(font, _fonts.Count, _objects.Reserve());
            }
            _lastFont = (font, used);
        }
        return _lastFont.Used;
    }

    internal void Complete(PdfPage page, PdfStencil? stencil)
    {
        _isPageOpen = false;
        var self = _objects.Reserve();
        if (_branchPages.Count == 0)
        {
            _branches.Add(_objects.Reserve());
        }
        _branchPages.Add(self);

        var content = 0;
        if (page.Drawing.Length > 0)
        {
            content = _objects.Reserve();
            _objects.WriteCompressed(content, "", page.Drawing);
        }

        if (_owners.Length < page.NextMark)
        {
            _owners = new int[page.NextMark * 2];
        }
        var parent = _openElements.Peek();
        foreach (var node in page.Nodes)
        {
            if (Write(node, parent.ObjectNumber, self) is var element and not 0)
            {
                parent.Kids.Add(element);
            }
        }
        var parents = _objects.Reserve();
        _parentArrays.Add(parents);
        _scratch.Clear();
        _scratch.Raw((byte)'[');
        for (var mark = 0; mark < page.NextMark; mark++)
        {
            _scratch.Reference(_owners[mark]).Raw((byte)' ');
        }
        _scratch.Raw((byte)']');
        _objects.Write(parents, _scratch);

        _scratch.Clear();
        _scratch.Raw("<</Type/Page/Parent "u8).Reference(_branches[^1]).Raw("/MediaBox[0 0 "u8).Numbers(page.Size.Width, page.Size.Height)
            .Raw("]/Resources "u8).Reference(_resources).Raw("/Contents["u8);
        if (stencil is not null)
        {
            _scratch.Reference(stencil.Seal(_objects)).Raw((byte)' ');
        }
        if (content != 0)
        {
            _scratch.Reference(content);
        }
        _scratch.Raw("]/StructParents "u8).Integer(page.Index).Raw("/Tabs/S>>"u8);
        _objects.Write(self, _scratch);

        foreach (var character in page.Missing)
        {
            if (!_missing.TryGetValue(character, out var pages))
            {
                _missing[character] = pages = [];
            }
            pages.Add(page.Index);
        }
        PageCount++;
        if (_branchPages.Count == PagesInABranch)
        {
            WriteBranch();
        }
    }

    private void Complete()
    {
        RequireNoPage();
        if (!ReferenceEquals(_openElements.Peek(), _root))
        {
            throw new InvalidOperationException("A structure element is still open.");
        }
        if (PageCount == 0)
        {
            throw new InvalidOperationException("A document has at least one page.");
        }
        _finished = true;
        WriteBranch();
        WriteElement(_root, _structureRoot);

        _scratch.Clear();
        _scratch.Raw("<</Type/Pages/Count "u8).Integer(PageCount).Raw("/Kids["u8);
        foreach (var branch in _branches)
        {
            _scratch.Reference(branch).Raw((byte)' ');
        }
        _objects.Write(_pageTree, _scratch.Raw("]>>"u8));

        WriteStructureRoot();
        foreach (var font in _fonts.Values)
        {
            font.Write(_objects);
        }
        _scratch.Clear();
        _scratch.Raw("<</Font<<"u8);
        foreach (var font in _fonts.Values)
        {
            _scratch.Raw("/F"u8).Integer(font.Index).Raw((byte)' ').Reference(font.ObjectNumber);
        }
        _scratch.Raw(">>/XObject<<"u8);
        foreach (var bitmap in _bitmaps)
        {
            _scratch.Raw("/B"u8).Integer(bitmap.Index).Raw((byte)' ').Reference(bitmap.ObjectNumber);
        }
        _objects.Write(_resources, _scratch.Raw(">>>>"u8));
        DocumentCatalog.Write(_objects, _scratch, _options, _pageTree, _structureRoot);
    }

    private void WriteBranch()
    {
        if (_branchPages.Count == 0)
        {
            return;
        }
        _scratch.Clear();
        _scratch.Raw("<</Type/Pages/Parent "u8).Reference(_pageTree).Raw("/Count "u8).Integer(_branchPages.Count).Raw("/Kids["u8);
        foreach (var page in _branchPages)
        {
            _scratch.Reference(page).Raw((byte)' ');
        }
        _objects.Write(_branches[^1], _scratch.Raw("]>>"u8));
        _branchPages.Clear();
    }

    /// <summary>Writes an element with its children; 0 when there is nothing in it.</summary>
    private int Write(StructureNode node, int parent, int page)
    {
        if (node.Kids.Count == 0)
        {
            return 0;
        }
        var self = _objects.Reserve();
        var firstKid = _kids.Count;
        foreach (var kid in node.Kids)
        {
            if (kid.Node is null)
            {
                _owners[kid.Mark] = self;
                _kids.Add(~kid.Mark);
            }
            else if (Write(kid.Node, self, page) is var child and not 0)
            {
                _kids.Add(child);
            }
        }
        _scratch.Clear();
        _scratch.Raw("<</Type/StructElem/S/"u8).Ascii(node.TypeName).Raw("/P "u8).Reference(parent).Raw("/Pg "u8).Reference(page);
        if (node.Alternative is not null)
        {
            _scratch.Raw("/Alt"u8).TextString(node.Alternative);
        }
        if (node.Box is { } box)
        {
            _scratch.Raw("/A<</O/Layout/Placement/Block/BBox["u8).Numbers(box.Left, box.Bottom, box.Right, box.Top).Raw("]>>"u8);
        }
        if (node.Scope is { } scope)
        {
            _scratch.Raw("/A<</O/Table/Scope/"u8).Ascii(scope).Raw(">>"u8);
        }
        _scratch.Raw("/K["u8);
        for (var i = firstKid; i < _kids.Count; i++)
        {
            (_kids[i] < 0 ? _scratch.Integer(~_kids[i]) : _scratch.Reference(_kids[i])).Raw((byte)' ');
        }
        _objects.Write(self, _scratch.Raw("]>>"u8));
        _kids.RemoveRange(firstKid, _kids.Count - firstKid);
        return self;
    }

    private void WriteElement(OpenElement element, int parent)
    {
        _scratch.Clear();
        _scratch.Raw("<</Type/StructElem/S/"u8).Ascii(element.Type).Raw("/P "u8).Reference(parent).Raw("/K["u8);
        foreach (var kid in element.Kids)
        {
            _scratch.Reference(kid).Raw((byte)' ');
        }
        _objects.Write(element.ObjectNumber, _scratch.Raw("]>>"u8));
    }

    private void WriteStructureRoot()
    {
        // The parent tree, a number tree of two levels: page index → the owners of the page's marked content (14.7.4.4).
        var leaves = new List<int>();
        for (var first = 0; first < _parentArrays.Count; first += ParentsInALeaf)
        {
            var end = Math.Min(first + ParentsInALeaf, _parentArrays.Count);
            var leaf = _objects.Reserve();
            leaves.Add(leaf);
            _scratch.Clear();
            _scratch.Raw("<</Limits["u8).Integer(first).Raw((byte)' ').Integer(end - 1).Raw("]/Nums["u8);
            for (var i = first; i < end; i++)
            {
                _scratch.Integer(i).Raw((byte)' ').Reference(_parentArrays[i]).Raw((byte)' ');
            }
            _objects.Write(leaf, _scratch.Raw("]>>"u8));
        }
        var tree = _objects.Reserve();
        _scratch.Clear();
        _scratch.Raw("<</Kids["u8);
        foreach (var leaf in leaves)
        {
            _scratch.Reference(leaf).Raw((byte)' ');
        }
        _objects.Write(tree, _scratch.Raw("]>>"u8));

        _scratch.Clear();
        _scratch.Raw("<</Type/StructTreeRoot/K "u8).Reference(_root.ObjectNumber).Raw("/ParentTree "u8).Reference(tree)
            .Raw("/ParentTreeNextKey "u8).Integer(_parentArrays.Count).Raw(">>"u8);
        _objects.Write(_structureRoot, _scratch);
    }

    private void End(OpenElement element)
    {
        RequireNoPage();
        if (!ReferenceEquals(_openElements.Peek(), element))
        {
            throw new InvalidOperationException("Elements are closed in the reverse order of their opening.");
        }
        _openElements.Pop();
        WriteElement(element, _openElements.Peek().ObjectNumber);
    }

    private void RequireNoPage()
    {
        RequireUnfinished();
        if (_isPageOpen)
        {
            throw new InvalidOperationException("The page before is not finished.");
        }
    }

    private void RequireUnfinished()
    {
        if (_finished)
        {
            throw new InvalidOperationException("The document is finished.");
        }
    }

    private sealed class OpenElement(int objectNumber, string type)
    {
        public int ObjectNumber { get; } = objectNumber;

        public string Type { get; } = type;

        public List<int> Kids { get; } = [];
    }

    private sealed class OpenScope(PdfDocument document, OpenElement element) : IDisposable
    {
        public void Dispose() => document.End(element);
    }
}
