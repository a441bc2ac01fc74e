using System.Globalization;
using System.Text;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Common.Files;

namespace KenkoPortal.Core.GenericDrugs.Import;

/// <summary>The cells of one row by their headings; what is wrong with them is told to the reading, and the row then counts no more.</summary>
internal sealed class DrugListRow(DrugListTable table, IReadOnlyList<int> places, Action<int, string> fail)
{
    private const int MaxTextLength = 200;

    public int Line => table.Line;

    /// <summary>The cell's text; empty where there is none, and where it is not plain, which is told.</summary>
    public string Text(int column, bool isRequired = true)
    {
        var text = places[column] < table.Cells.Count ? table.Cells[places[column]] : "";
        if (text.Length == 0)
        {
            if (isRequired)
            {
                fail(column, DrugListText.Required);
            }

            return "";
        }

        var message = PlainText.FirstFault(text, out _) switch
        {
            TextFault.None when text.Length > MaxTextLength => DrugListText.TooLong,
            TextFault.None => null,
            TextFault.Undecodable => DrugListText.Undecodable,
            _ => DrugListText.UnknownCharacter,
        };
        if (message is null)
        {
            return text;
        }

        fail(column, message.With(PlainText.Shown(text)));
        return "";
    }

    /// <summary>薬価 or 金額 in yen, not negative.</summary>
    public decimal Price(int column)
    {
        var text = Text(column);
        if (text.Length == 0)
        {
            return 0;
        }

        if (decimal.TryParse(Folded(text), NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var price)
            && price <= 1_000_000_000)
        {
            return price;
        }

        fail(column, DrugListText.PriceInvalid.With(PlainText.Shown(text)));
        return 0;
    }

    /// <summary>薬価基準収載医薬品コード: seven digits, a letter, four digits.</summary>
    public string PriceCode(int column, bool isRequired = true)
    {
        var text = Folded(Text(column, isRequired));
        if (text.Length == 0 || IsPriceCode(text))
        {
            return text;
        }

        fail(column, DrugListText.CodeInvalid.With(PlainText.Shown(text)));
        return "";
    }

    /// <summary>医薬品コード: nine digits; blank or 0 is none.</summary>
    public string? ClaimCode(int column, bool isRequired)
    {
        var text = Folded(Text(column, isRequired));
        if (text.Length == 0 || (text is "0" && !isRequired))
        {
            return null;
        }

        if (text.Length == 9 && text.All(char.IsAsciiDigit))
        {
            return text;
        }

        fail(column, DrugListText.ClaimCodeInvalid.With(PlainText.Shown(text)));
        return null;
    }

    /// <summary>経過措置による使用期限, such as <c>R8.3.31まで</c>.</summary>
    public DateOnly? Until(int column)
    {
        var text = Text(column, isRequired: false);
        if (text.Length == 0)
        {
            return null;
        }

        var day = text.EndsWith("まで", StringComparison.Ordinal) ? text[..^2] : text;
        if (JapaneseDate.TryParse(day, out var date))
        {
            return date;
        }

        fail(column, DrugListText.DateInvalid.With(PlainText.Shown(text)));
        return null;
    }

    public void Fail(int column, string message) => fail(column, message);

    /// <summary>Full width and half width are one.</summary>
    public static string Folded(string text) => text.Normalize(NormalizationForm.FormKC).Trim();

    private static bool IsPriceCode(string text)
    {
        if (text.Length != 12)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (i == 7 ? !char.IsAsciiLetterUpper(text[i]) : !char.IsAsciiDigit(text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
