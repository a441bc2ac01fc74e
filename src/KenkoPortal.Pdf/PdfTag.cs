namespace KenkoPortal.Pdf;

/// <summary>The standard structure types (ISO 32000-1, 14.8.4) that this library writes.</summary>
public enum PdfTag
{
    /// <summary>A part of the document that may hold sections.</summary>
    Part,

    /// <summary>A section with a heading.</summary>
    Section,

    /// <summary>A group without meaning of its own.</summary>
    Division,

    /// <summary>A heading of the first level.</summary>
    Heading1,

    /// <summary>A heading of the second level.</summary>
    Heading2,

    /// <summary>A heading of the third level.</summary>
    Heading3,

    /// <summary>A paragraph.</summary>
    Paragraph,

    /// <summary>A list; holds <see cref="ListItem"/>.</summary>
    List,

    /// <summary>An item of a list; holds a <see cref="ListLabel"/> and a <see cref="ListBody"/>.</summary>
    ListItem,

    /// <summary>The number or bullet of a list item.</summary>
    ListLabel,

    /// <summary>The words of a list item.</summary>
    ListBody,

    /// <summary>A picture; needs an alternative text (<see cref="PdfCanvas.BeginFigure"/>).</summary>
    Figure,

    /// <summary>The words that belong to a picture.</summary>
    Caption,

    /// <summary>A run of text within another element.</summary>
    Span,

    /// <summary>A table; holds <see cref="TableRow"/>.</summary>
    Table,

    /// <summary>A row of a table; holds its cells.</summary>
    TableRow,

    /// <summary>A cell that heads a column.</summary>
    ColumnHeader,

    /// <summary>A cell that heads a row.</summary>
    RowHeader,

    /// <summary>A cell with data.</summary>
    TableCell,
}
