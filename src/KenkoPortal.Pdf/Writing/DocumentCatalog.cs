using System.Globalization;
using System.Security;
using System.Text;

namespace KenkoPortal.Pdf.Writing;

/// <summary>Writes the catalog, the document's information and its XMP metadata (ISO 32000-1, 7.7.2, 14.3).</summary>
internal static class DocumentCatalog
{
    /// <summary>Ends the document.</summary>
    /// <param name="objects">All other objects are written.</param>
    /// <param name="scratch">A buffer that may be overwritten.</param>
    /// <param name="options">Title, dates, language.</param>
    /// <param name="pageTree">The object number of the pages' root.</param>
    /// <param name="structureRoot">The object number of the structure tree's root.</param>
    public static void Write(ObjectWriter objects, ByteBuffer scratch, PdfDocumentOptions options, int pageTree, int structureRoot)
    {
        var (catalog, info, metadata) = (objects.Reserve(), objects.Reserve(), objects.Reserve());
        objects.WriteStream(metadata, "/Type/Metadata/Subtype/XML", Encoding.UTF8.GetBytes(Xmp(options)));

        var zone = options.Created.Offset;
        var date = string.Create(
            CultureInfo.InvariantCulture,
            $"(D:{options.Created:yyyyMMddHHmmss}{(zone < TimeSpan.Zero ? '-' : '+')}{zone:hh}'{zone:mm}')");
        scratch.Clear();
        scratch.Raw("<</Title"u8).TextString(options.Title);
        if (options.Author is not null)
        {
            scratch.Raw("/Author"u8).TextString(options.Author);
        }
        if (options.Keywords is not null)
        {
            scratch.Raw("/Keywords("u8).Ascii(options.Keywords).Raw(")"u8);
        }
        objects.Write(info, scratch.Raw("/Producer(KenkoPortal.Pdf)/CreationDate"u8).Ascii(date).Raw("/ModDate"u8).Ascii(date).Raw(">>"u8));

        scratch.Clear();
        scratch.Raw("<</Type/Catalog/Pages "u8).Reference(pageTree).Raw("/StructTreeRoot "u8).Reference(structureRoot)
            .Raw("/MarkInfo<</Marked true>>/Lang"u8).TextString(options.Language)
            .Raw("/Metadata "u8).Reference(metadata).Raw("/ViewerPreferences<</DisplayDocTitle true"u8)
            .Raw(options.PrintOnBothSides ? "/Duplex/DuplexFlipLongEdge/PrintScaling/None>>>>"u8 : ">>>>"u8);
        objects.Write(catalog, scratch);
        objects.Finish(catalog, info);
    }

    private static string Xmp(PdfDocumentOptions options)
    {
        var date = options.Created.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
        var author = options.Author is null
            ? ""
            : $"<dc:creator><rdf:Seq><rdf:li>{SecurityElement.Escape(options.Author)}</rdf:li></rdf:Seq></dc:creator>";
        return $"""
            <?xpacket begin="{'\uFEFF'}" id="W5M0MpCehiHzreSzNTczkc9d"?>
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
            <dc:format>application/pdf</dc:format>
            <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{SecurityElement.Escape(options.Title)}</rdf:li></rdf:Alt></dc:title>
            <dc:language><rdf:Bag><rdf:li>{SecurityElement.Escape(options.Language)}</rdf:li></rdf:Bag></dc:language>{author}
            <xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>
            <pdf:Producer>KenkoPortal.Pdf</pdf:Producer>
            </rdf:Description></rdf:RDF></x:xmpmeta>
            <?xpacket end="r"?>
            """;
    }
}
