using System.Text;
using System.Xml;

namespace KenkoPortal.Core.Common.Files;

/// <summary>
/// One XML part of a workbook, forward only, in memory that does not grow with the part: each text, tag, nesting and the number of names have a limit. Elements
/// are known by their local names, since workbooks of both editions of the standard have their own name spaces.
/// </summary>
internal sealed class WorkbookXml : IDisposable
{
    /// <summary>Characters of a cell in Excel.</summary>
    private const int LongestText = 32_767;

    private const int DeepestNesting = 64;
    private const int MostNames = 10_000;
    private readonly Stream _part;
    private readonly XmlReader _xml;
    private readonly char[] _chunk = new char[1024];
    private readonly StringBuilder _text = new();

    public WorkbookXml(Stream part)
    {
        _part = part;
        _xml = XmlReader.Create(new ShortTags(part), new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true, NameTable = new FewNames(),
        });
    }

    public string Name => _xml.LocalName;

    public bool IsStart => _xml.NodeType == XmlNodeType.Element;

    public bool IsEmpty => _xml.IsEmptyElement;

    /// <summary>The attribute of that local name, in whichever name space.</summary>
    public string? Attribute(string name)
    {
        string? value = null;
        for (var more = _xml.MoveToFirstAttribute(); more; more = _xml.MoveToNextAttribute())
        {
            if (_xml.LocalName == name)
            {
                value = _xml.Value;
            }
        }

        _xml.MoveToElement();
        return value;
    }

    /// <summary>Goes to the next start of an element or other node; false at the part's end.</summary>
    public bool Next()
    {
        var isRead = _xml.Read();
        return isRead && _xml.Depth > DeepestNesting ? throw new UnpackedTooMuchException("The elements are nested too deep.") : isRead;
    }

    /// <summary>Goes to the next start of an element inside the one that began at <paramref name="depth"/>; false at its end.</summary>
    public bool NextInside(int depth)
    {
        while (Next() && _xml.Depth > depth)
        {
            if (IsStart)
            {
                return true;
            }
        }

        return false;
    }

    public int Depth => _xml.Depth;

    /// <summary>Goes behind the content of the element that stands here.</summary>
    public void Skip()
    {
        if (!IsEmpty)
        {
            var depth = Depth;
            while (NextInside(depth))
            {
            }
        }
    }

    /// <summary>The text of the element that stands here.</summary>
    public string Text()
    {
        _text.Clear();
        AppendText();
        return _text.ToString();
    }

    /// <summary>The text of an element that holds runs, without the readings (rPh) that Japanese workbooks store beside them.</summary>
    public string RichText()
    {
        _text.Clear();
        var (isEmpty, depth) = (IsEmpty, Depth);
        while (!isEmpty && NextInside(depth))
        {
            if (Name == "rPh")
            {
                Skip();
            }
            else if (Name == "t")
            {
                AppendText();
            }
        }

        return _text.ToString();
    }

    public void Dispose()
    {
        _xml.Dispose();
        _part.Dispose();
    }

    /// <summary>Takes the text in pieces: the reader would build the whole of it first.</summary>
    private void AppendText()
    {
        var (isEmpty, depth) = (IsEmpty, Depth);
        while (!isEmpty && Next() && Depth > depth)
        {
            if (_xml.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace))
            {
                continue;
            }

            for (int read; (read = _xml.ReadValueChunk(_chunk, 0, _chunk.Length)) > 0;)
            {
                if (_text.Append(_chunk, 0, read).Length > LongestText)
                {
                    throw new UnpackedTooMuchException("A text is too long.");
                }
            }
        }
    }

    /// <summary>The reader builds a tag with all its attributes in memory: from one "&lt;" to the next there may be so many bytes and no more.</summary>
    private sealed class ShortTags(Stream part) : Stream
    {
        private const int LongestTag = 1024 * 1024;
        private long _sinceTag;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = part.Read(buffer, offset, count);
            var last = buffer.AsSpan(offset, read).LastIndexOf((byte)'<');
            _sinceTag = last < 0 ? _sinceTag + read : read - last;
            return _sinceTag <= LongestTag ? read : throw new UnpackedTooMuchException("A tag or text is too long.");
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    /// <summary>The reader remembers every name that it meets.</summary>
    private sealed class FewNames : NameTable
    {
        private int _count;

        public override string Add(char[] key, int start, int len) => Get(key, start, len) ?? Counted(base.Add(key, start, len));

        public override string Add(string key) => Get(key) ?? Counted(base.Add(key));

        private string Counted(string name) => ++_count <= MostNames ? name : throw new UnpackedTooMuchException("There are too many names.");
    }
}
