using System.Runtime.CompilerServices;

namespace KenkoPortal.Claims.Reading;

/// <summary>レコード識別: two capital letters as a number.</summary>
internal static class RecordName
{
    public const int None = 0;
    public const int Mn = ('M' << 8) | 'N';
    public const int Jy = ('J' << 8) | 'Y';
    public const int Mk = ('M' << 8) | 'K';
    public const int Hi = ('H' << 8) | 'I';
    public const int On = ('O' << 8) | 'N';
    public const int Ex = ('E' << 8) | 'X';
    public const int Rc = ('R' << 8) | 'C';
    public const int Md = ('M' << 8) | 'D';
    public const int Rt = ('R' << 8) | 'T';
    public const int Jr = ('J' << 8) | 'R';
    public const int Hr = ('H' << 8) | 'R';
    public const int Hg = ('H' << 8) | 'G';
    public const int Ir = ('I' << 8) | 'R';
    public const int Uk = ('U' << 8) | 'K';
    public const int Yk = ('Y' << 8) | 'K';
    public const int Hm = ('H' << 8) | 'M';
    public const int Re = ('R' << 8) | 'E';
    public const int Ho = ('H' << 8) | 'O';
    public const int Ko = ('K' << 8) | 'O';
    public const int Sn = ('S' << 8) | 'N';
    public const int Jd = ('J' << 8) | 'D';
    public const int Mf = ('M' << 8) | 'F';
    public const int Gr = ('G' << 8) | 'R';
    public const int Si = ('S' << 8) | 'I';
    public const int Iy = ('I' << 8) | 'Y';
    public const int To = ('T' << 8) | 'O';
    public const int Co = ('C' << 8) | 'O';
    public const int Cd = ('C' << 8) | 'D';
    public const int Sh = ('S' << 8) | 'H';
    public const int Cz = ('C' << 8) | 'Z';
    public const int Bu = ('B' << 8) | 'U';
    public const int Go = ('G' << 8) | 'O';
    public const int Ki = ('K' << 8) | 'I';
    public const int Ss = ('S' << 8) | 'S';

    /// <summary>労災: RR in each claim, RS in place of GO.</summary>
    public const int Rr = ('R' << 8) | 'R';
    public const int Rs = ('R' << 8) | 'S';

    /// <summary>The record that a line begins with, <see cref="None"/> if it begins with none.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static int Of(ReadOnlySpan<byte> line) =>
        line.Length >= 2 && IsCapital(line[0]) && IsCapital(line[1]) && (line.Length == 2 || line[2] == (byte)',') ? (line[0] << 8) | line[1] : None;

    public static int Of(string name) => (name[0] << 8) | name[1];

    public static string Text(int record) => record == None ? "?" : string.Create(2, record, static (text, r) => (text[0], text[1]) = ((char)(r >> 8), (char)(r & 0xFF)));

    /// <summary>Who billed.</summary>
    public static bool IsInstitution(int record) => record is Ir or Uk or Yk or Hm;

    private static bool IsCapital(byte b) => b is >= (byte)'A' and <= (byte)'Z';
}
