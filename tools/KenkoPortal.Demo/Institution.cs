using System.Globalization;

namespace KenkoPortal.Demo;

/// <summary>A hospital, clinic, dentist, pharmacy or station of a town that does not exist.</summary>
internal sealed class Institution
{
    /// <summary>A prefecture that Japan does not have.</summary>
    public const int Prefecture = 99;

    private Institution(int table, int code, string name, string address)
    {
        (Table, Name) = (table, name);
        Code = System.Text.Encoding.ASCII.GetBytes(code.ToString("D7", CultureInfo.InvariantCulture));
        Phone = System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"045-000-{code % 10_000:D4}"));
        (NameBytes, AddressBytes) = (Cp932Text.Of(name), Cp932Text.Of(address));
        (WritesEras, WritesNarrow, WritesBranchRows) = (code % 6 == 1, code % 7 == 2, code % 2 == 0);
    }

    /// <summary>点数表: 1 医科, 3 歯科, 4 調剤, 6 訪問看護.</summary>
    public int Table { get; }

    public string Name { get; }

    public byte[] Code { get; }

    public byte[] Phone { get; }

    public byte[] NameBytes { get; }

    public byte[] AddressBytes { get; }

    /// <summary>An old program: dates are GYYMMDD.</summary>
    public bool WritesEras { get; }

    /// <summary>記号・番号 in narrow digits, as few do.</summary>
    public bool WritesNarrow { get; }

    /// <summary>The examiner puts a corrected line under the row's own number with a 枝番号, in place of a new row.</summary>
    public bool WritesBranchRows { get; }

    public static Institution Medical(int code, string name, string address) => new(1, 1_100_000 + (code * 17), name, address);

    public static Institution Dental(int code, string name, string address) => new(3, 3_100_000 + (code * 17), name, address);

    public static Institution Pharmacy(int code, string name, string address) => new(4, 4_100_000 + (code * 17), name, address);

    public static Institution Nursing(int code, string name, string address) => new(6, 6_100_000 + (code * 17), name, address);
}

/// <summary>What a clinic is for.</summary>
internal enum Specialty
{
    Internal,
    Children,
    Orthopedics,
    Skin,
    Eyes,
    EarNoseThroat,
    Women,
    Mind,
}

/// <summary>Everything there is to go to. A household lives in a district and goes there, or next door.</summary>
internal static class Town
{
    private static readonly (string Name, string Kana, string Street)[] Districts =
    [
        ("汐見", "しおみ", "汐見町一丁目"), ("北浜", "きたはま", "北浜三丁目"), ("青凪台", "あおなぎ", "青凪台"), ("帆柱", "ほばしら", "帆柱町"), ("船溜", "ふなだまり", "船溜南"),
        ("埠頭西", "ふとう", "埠頭西町"), ("波止場", "はとば", "波止場通"), ("運河通", "うんが", "運河通四丁目"), ("灯台坂", "とうだい", "灯台坂上"),
    ];

    private static readonly string[] Doctors = ["磯崎", "潮田", "帆足", "渚", "榊", "水無瀬", "早瀬", "小舟", "鴎田"];

    private static readonly Institution[][] Clinics = [.. Enum.GetValues<Specialty>().Select(s => Districts.Select((_, d) => Clinic(s, d)).ToArray())];

    private static readonly Institution[] Second = [.. Districts.Select((d, i) => Institution.Medical(900 + i, $"医療法人社団　{Doctors[i]}会　{Doctors[i]}医院", Address(i, 7)))];

    private static readonly Institution[][] Dentists =
    [
        [.. Districts.Select((d, i) => Institution.Dental(i, $"{d.Name}歯科医院", Address(i, 3)))],
        [.. Districts.Select((d, i) => Institution.Dental(20 + i, $"デンタルクリニック{Doctors[i]}", Address(i, 11)))],
    ];

    private static readonly Institution[][] Pharmacies =
    [
        [.. Districts.Select((d, i) => Institution.Pharmacy(i, $"ともづな薬局　{d.Name}店", Address(i, 5)))],
        [.. Districts.Select((d, i) => Institution.Pharmacy(20 + i, $"かもめ調剤薬局{d.Name}", Address(i, 8)))],
    ];

    private static readonly Institution[] Stations = [.. Districts.Select((d, i) => Institution.Nursing(i, $"訪問看護ステーション{d.Kana}", Address(i, 14)))];

    private static readonly Institution[] DpcHospitals =
    [
        Institution.Medical(801, "みなと市立みなと総合病院", Address(0, 1)),
        Institution.Medical(802, "架空医科大学附属病院", "架空県学園市大学前一丁目1番1号"),
        Institution.Medical(803, "社会福祉法人　港仁会　港仁会中央病院", Address(6, 1)),
    ];

    private static readonly Institution[] SmallHospitals =
    [
        Institution.Medical(811, "汐見リハビリテーション病院", Address(0, 20)),
        Institution.Medical(812, "医療法人　灯台会　灯台坂病院", Address(8, 2)),
        Institution.Medical(813, "北浜産婦人科病院", Address(1, 9)),
    ];

    private static readonly Institution DentalHospital = Institution.Dental(801, "架空医科大学附属病院", "架空県学園市大学前一丁目1番1号");

    /// <summary>Where a person lives and goes to; who lives elsewhere goes somewhere.</summary>
    public static int DistrictOf(DemoPerson person)
    {
        for (var district = 0; district < Districts.Length; district++)
        {
            if (person.Address.Contains(Districts[district].Name, StringComparison.Ordinal))
            {
                return district;
            }
        }

        return (int)(person.HouseholdKey % (ulong)Districts.Length);
    }

    /// <summary>Where the made-up households live.</summary>
    public static string AddressOf(int household) => string.Create(
        CultureInfo.InvariantCulture, $"架空県みなと市{Districts[household % Districts.Length].Street}{1 + (household % 80)}番{1 + (household % 30)}号 潮騒ハイツ{101 + (household % 900)}");

    /// <summary>The family doctor is one of two.</summary>
    public static Institution FamilyDoctor(int district, ulong person) => person / 16 % 2 == 0 ? Clinics[(int)Specialty.Internal][district] : Second[district];

    public static Institution Clinic(int district, Specialty specialty) => Clinics[(int)specialty][district];

    public static Institution Dentist(int district, ulong person) => Dentists[(int)(person / 32 % 2)][district];

    public static Institution Pharmacy(int district, ulong household) => Pharmacies[(int)(household / 64 % 2)][district];

    public static Institution Station(int district) => Stations[district];

    public static Institution DpcHospital(ulong person) => DpcHospitals[(int)(person % 3)];

    public static Institution SmallHospital(ulong person) => SmallHospitals[(int)(person % 3)];

    public static Institution OralSurgery() => DentalHospital;

    private static Institution Clinic(Specialty specialty, int district)
    {
        var (name, kana, _) = Districts[district];
        var text = specialty switch
        {
            Specialty.Internal => $"{name}内科クリニック",
            Specialty.Children => $"{kana}こどもクリニック",
            Specialty.Orthopedics => $"{name}整形外科",
            Specialty.Skin => $"{kana}皮ふ科",
            Specialty.Eyes => $"{Doctors[district]}眼科",
            Specialty.EarNoseThroat => $"{name}耳鼻咽喉科医院",
            Specialty.Women => $"{kana}レディースクリニック",
            _ => $"こころのクリニック{name}",
        };
        return Institution.Medical(((int)specialty * 100) + district, text, Address(district, 2 + (int)specialty));
    }

    private static string Address(int district, int number) => string.Create(CultureInfo.InvariantCulture, $"架空県みなと市{Districts[district].Street}{number}番{1 + (number * 3 % 17)}号");
}
