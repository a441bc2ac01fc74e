using KenkoPortal.Core.Printing;
using KenkoPortal.Pdf;

namespace KenkoPortal.Core.Letters;

/// <summary>Where everything stands on the sheets of a registration letter. Measures are millimetres, type sizes points.</summary>
internal sealed class LetterSheets(PdfDocument document, LetterFonts fonts)
{
    private const int PersonsOnAFront = 5;
    private const double Left = 20;
    private const double Right = 190;
    private const double Middle = 105;

    // The envelope's window: the block begins 20–30 mm from the left and lies 20–45 mm from the top.
    private const double WindowLeft = 24;
    private const double WindowTop = 20.5;
    private const double WindowHeight = 24;
    private const double WindowWidth = 86;

    // Millimetres from line to line for each point of the type size: 1.16 times the size.
    private const double LeadPerPoint = 0.41;

    private const double SenderLeft = 120;
    private const double CodeSize = 38;
    private const double PersonsTop = 109.5;
    private const double PersonsBottom = 290.5;

    private const double BackSize = 11.5;
    private const double BackLeading = 5.7;

    private static readonly PdfColor Edge = PdfColor.Gray(0.3);
    private static readonly PdfColor Shade = PdfColor.Gray(0.92);

    /// <summary>Shares the people out over sheets: at most five on each, fewer where long names or readings need more lines.</summary>
    public List<List<LetterPerson>> Distribute(RegistrationLetter letter)
    {
        var sheets = new List<List<LetterPerson>>();
        var used = 0.0;
        foreach (var person in letter.Persons)
        {
            var height = new PersonBlock(person, fonts, roominess: 0).Height;
            if (sheets.Count == 0 || sheets[^1].Count == PersonsOnAFront || used + height > PersonsBottom - PersonsTop)
            {
                sheets.Add(new List<LetterPerson>(PersonsOnAFront));
                used = 0;
            }
            sheets[^1].Add(person);
            used += height + PersonBlock.Gap(0);
        }
        return sheets;
    }

    /// <summary>What the fronts of a society's letters of one day have in common.</summary>
    public PdfStencil Front(RegistrationLetter letter, PdfBitmap code, bool isContinued)
    {
        var stencil = document.CreateStencil(PageSize.A4);
        var canvas = new MillimetreCanvas(stencil);
        var society = letter.Society;
        DrawSender(canvas, letter);

        using (canvas.Begin(PdfTag.Heading1))
        {
            var title = LetterWords.Clean(LetterWords.Format(letter.IsRecovery ? LetterText.RecoveryTitle : LetterText.Title, society.PortalTitle));
            canvas.Text(Middle, 61, title, MillimetreCanvas.Fit(title, Bold(20), Right - Left), TextAlignment.Center);
        }
        canvas.Line(Left, 65, Right, 65, 1, Edge);

        var textWidth = Right - CodeSize - 4 - Left;
        if (!isContinued)
        {
            canvas.Paragraph(Left, 72, textWidth, 5.5, LetterWords.Clean(LetterWords.Format(letter.IsRecovery ? LetterText.RecoveryGreeting : LetterText.Greeting, society.Name, society.PortalTitle)), Regular(11));
        }

        canvas.Picture(code, Right - CodeSize, 66, CodeSize, LetterWords.Format(LetterText.QrAlternative, society.RegistrationAddress));
        using (canvas.Begin(PdfTag.Caption))
        {
            canvas.Text(Right - (CodeSize / 2), 105.8, LetterText.QrCaption, Bold(10.5), TextAlignment.Center);
        }

        var valueLeft = Left + 28;
        var valueWidth = Left + textWidth - valueLeft;
        using (canvas.Begin(PdfTag.Paragraph))
        {
            canvas.Words(Left, 100.2, LetterText.PortalAddressLabel, Bold(10.5));
            canvas.Text(valueLeft, 100.2, society.PortalAddress, MillimetreCanvas.Fit(society.PortalAddress, Bold(12), valueWidth));
        }
        using (canvas.Begin(PdfTag.Paragraph))
        {
            canvas.Words(Left, 105.9, LetterText.ValidUntilLabel, Bold(10.5));
            canvas.Text(valueLeft, 105.9, LetterWords.Format(LetterText.ValidUntil, LetterWords.Date(letter.ValidUntil)), Bold(12));
        }
        return stencil;
    }

    /// <summary>What differs from front to front.</summary>
    public void DrawFront(PdfPage page, RegistrationLetter letter, List<List<LetterPerson>> sheets, int sheet)
    {
        var canvas = new MillimetreCanvas(page);
        if (sheet == 0)
        {
            DrawAddressee(canvas, letter.Addressee);
        }
        if (sheets.Count > 1)
        {
            using (canvas.Begin(PdfTag.Paragraph))
            {
                canvas.Text(Right, 13, LetterWords.Format(LetterText.SheetNumber, sheet + 1, sheets.Count), Bold(11), TextAlignment.Right);
            }
        }
        if (sheet > 0)
        {
            DrawContinuation(canvas, letter.Addressee);
        }
        page.ReadStencil();

        var persons = sheets[sheet];
        var blocks = Blocks(persons, out var gap);
        var top = PersonsTop;
        foreach (var block in blocks)
        {
            block.Draw(canvas, top);
            top += block.Height + gap;
        }
    }

    /// <summary>The back with the steps of registration, the same for every sheet of a society.</summary>
    public PdfStencil Back(RegistrationLetter letter)
    {
        var (society, isRecovery) = (letter.Society, letter.IsRecovery);
        var stencil = document.CreateStencil(PageSize.A4);
        var canvas = new MillimetreCanvas(stencil);
        using (canvas.Begin(PdfTag.Heading2))
        {
            canvas.Text(Middle, 24, isRecovery ? LetterText.RecoveryFlowTitle : LetterText.FlowTitle, Bold(20), TextAlignment.Center);
        }

        var y = Step(canvas, 1, 36, LetterText.MailHeading, isRecovery ? LetterText.RecoveryMailLead : LetterText.MailLead);
        y = Ways(canvas, y - 3.2);
        y = Step(canvas, 2, y + 9.5, LetterText.LinkHeading, LetterText.Link);
        y = Step(canvas, 3, y + 4, LetterText.LoginHeading, LetterText.Login);
        y = Step(canvas, 4, y + 4, LetterText.AccountHeading, isRecovery ? LetterText.RecoveryAccount : LetterText.Account);
        y = Step(canvas, 5, y + 4, isRecovery ? LetterText.RecoveryDoneHeading : LetterText.DoneHeading, isRecovery ? LetterText.RecoveryDone : LetterText.Done);

        y = Rules(canvas, y);
        y = Note(canvas, y + 9, LetterText.NoMailHeading, LetterText.NoMail);
        y = Note(canvas, y + 4, LetterText.SecretHeading, isRecovery ? LetterText.RecoverySecret : LetterText.Secret);
        Contact(canvas, y + 5, society);
        return stencil;
    }

    private List<PersonBlock> Blocks(List<LetterPerson> persons, out double gap)
    {
        for (var roominess = 1.0; ; roominess -= 0.2)
        {
            var room = Math.Max(roominess, 0);
            gap = PersonBlock.Gap(room);
            var blocks = persons.ConvertAll(person => new PersonBlock(person, fonts, room));
            if (room == 0 || blocks.Sum(block => block.Height) + (gap * (blocks.Count - 1)) <= PersonsBottom - PersonsTop)
            {
                return blocks;
            }
        }
    }

    private void DrawSender(MillimetreCanvas canvas, RegistrationLetter letter)
    {
        var society = letter.Society;
        using (canvas.Begin(PdfTag.Paragraph))
        {
            canvas.Text(Right, 23, LetterWords.Date(letter.IssuedOn), Regular(10.5), TextAlignment.Right);
        }
        using (canvas.Begin(PdfTag.Paragraph))
        {
            var width = Right - SenderLeft;
            var name = LetterWords.Clean(society.Name);
            canvas.Words(SenderLeft, 30, name, MillimetreCanvas.Fit(name, Bold(13), width));
            var y = 35.6;
            if (society.PostalCode.Length > 0)
            {
                canvas.Words(SenderLeft, y, LetterWords.PostalCode(society.PostalCode), Regular(10.5));
                y += 4.8;
            }
            foreach (var line in MillimetreCanvas.AddressLines(LetterWords.Clean(society.Address), Regular(10.5), width).Where(line => line.Length > 0))
            {
                canvas.Words(SenderLeft, y, line, Regular(10.5));
                y += 4.8;
            }
            if (society.Telephone.Length > 0)
            {
                canvas.Words(SenderLeft, y, LetterWords.Format(LetterText.TelephoneLine, LetterWords.Clean(society.Telephone)), Regular(10.5));
            }
        }
    }

    private void DrawAddressee(MillimetreCanvas canvas, LetterAddressee addressee)
    {
        var address = LetterWords.Clean(addressee.Address);
        var name = LetterWords.Format(LetterText.Honorific, LetterWords.Clean(addressee.Name));
        // The largest type with which everything stays inside the window.
        for (var size = 11.5; ; size -= 0.5)
        {
            var small = Regular(size);
            var large = MillimetreCanvas.Fit(name, Bold(size + 3), WindowWidth);
            if (large.Size < size)
            {
                large = Bold(size);
            }
            var addressLines = MillimetreCanvas.AddressLines(address, small, WindowWidth);
            var nameLines = MillimetreCanvas.Lines(name, large, WindowWidth);
            var (lead, nameLead) = (size * LeadPerPoint, large.Size * LeadPerPoint);
            var height = (lead * (addressLines.Count + 1)) + 1 + (nameLead * nameLines.Count);
            if (height > WindowHeight && size > 5)
            {
                continue;
            }
            using (canvas.Begin(PdfTag.Paragraph))
            {
                var y = WindowTop + (size * 0.33);
                if (addressee.PostalCode.Length > 0)
                {
                    canvas.Words(WindowLeft, y, LetterWords.PostalCode(addressee.PostalCode), small);
                }
                foreach (var line in addressLines)
                {
                    y += lead;
                    canvas.Words(WindowLeft, y, line, small);
                }
                y += 1;
                foreach (var line in nameLines)
                {
                    y += nameLead;
                    canvas.Words(WindowLeft, y, line, large);
                }
            }
            return;
        }
    }

    private void DrawContinuation(MillimetreCanvas canvas, LetterAddressee addressee)
    {
        var name = LetterWords.Format(LetterText.Honorific, LetterWords.Clean(addressee.Name));
        using (canvas.Begin(PdfTag.Paragraph))
        {
            canvas.Text(Left, 30, name, MillimetreCanvas.Fit(name, Bold(14.5), SenderLeft - Left - 6));
        }
        canvas.Paragraph(Left, 72, Right - CodeSize - 4 - Left, 5.7, LetterText.ContinuedGreeting, Regular(11));
    }

    private double Step(MillimetreCanvas canvas, int number, double y, string heading, string text)
    {
        canvas.Box(Left, y - 5.2, 7, 7, fill: PdfColor.Black, radius: 3.5);
        using (canvas.Begin(PdfTag.Heading3))
        {
            canvas.Text(Left + 3.5, y - 0.1, LetterWords.Format("{0}", number), Bold(13) with { Color = PdfColor.White }, TextAlignment.Center);
            canvas.Text(Left + 11, y, heading, Bold(14));
        }
        return canvas.Paragraph(Left + 11, y + 6.6, Right - Left - 11, BackLeading, text, Regular(BackSize));
    }

    private double Ways(MillimetreCanvas canvas, double top)
    {
        const double gap = 4;
        const double width = (Right - Left - gap) / 2;
        var bottom = Math.Max(
            Way(Left, LetterText.MailByQrHeading, LetterText.MailByQr),
            Way(Left + width + gap, LetterText.MailByWebHeading, LetterText.MailByWeb));
        canvas.Box(Left, top, width, bottom - top, outline: Edge, radius: 1.5);
        canvas.Box(Left + width + gap, top, width, bottom - top, outline: Edge, radius: 1.5);
        return bottom;

        double Way(double x, string heading, string text)
        {
            canvas.Text(x + 4, top + 7, heading, Bold(12.5), PdfTag.Paragraph);
            return canvas.List(x + 4, top + 13.6, width - 7, BackLeading, text, Regular(BackSize)) - 2.2;
        }
    }

    private double Rules(MillimetreCanvas canvas, double top)
    {
        const double height = 33;
        const double width = (Right - Left) / 2;
        canvas.Box(Left, top, Right - Left, height, fill: Shade, radius: 1.5);
        Rule(Left + 4, LetterText.IdRuleHeading, LetterText.IdRule);
        var y = Rule(Left + width + 2, LetterText.PasswordRuleHeading, LetterText.PasswordRule);
        canvas.Text(Left + width + 6.5, y + 0.4, LetterText.PasswordSymbols, new TextStyle(fonts.Credentials, 13), PdfTag.Paragraph);
        return top + height;

        double Rule(double x, string heading, string text)
        {
            canvas.Text(x, top + 7, heading, Bold(12.5), PdfTag.Heading3);
            return canvas.List(x, top + 13.4, width - 6, 5.4, text, Regular(11));
        }
    }

    private double Note(MillimetreCanvas canvas, double y, string heading, string text)
    {
        canvas.Text(Left, y, heading, Bold(13), PdfTag.Heading3);
        return text.Contains('\n', StringComparison.Ordinal)
            ? canvas.List(Left, y + 6.3, Right - Left, BackLeading, text, Regular(BackSize))
            : canvas.Paragraph(Left, y + 6.3, Right - Left, BackLeading, text, Regular(BackSize));
    }

    private void Contact(MillimetreCanvas canvas, double y, LetterSociety society)
    {
        canvas.Line(Left, y - 6, Right, y - 6, 0.5, Edge);
        var words = society.Telephone.Length > 0
            ? society.Name + "　" + LetterWords.Format(LetterText.TelephoneLine, society.Telephone)
            : society.Name;
        words = LetterWords.Clean(words);
        using (canvas.Begin(PdfTag.Paragraph))
        {
            canvas.Words(Left, y, LetterText.ContactLabel, Bold(10.5));
            canvas.Text(Left + 32, y, words, MillimetreCanvas.Fit(words, Regular(11), Right - Left - 32));
        }
    }

    private TextStyle Regular(double size) => new(fonts.Regular, size);

    private TextStyle Bold(double size) => new(fonts.Bold, size);
}
