namespace KenkoPortal.Claims;

/// <summary>The five kinds of electronic claims; a file holds one.</summary>
public enum ClaimKind
{
    /// <summary>医科: hospitals and clinics, billed by item (UKE: RECEIPTC).</summary>
    Medical,

    /// <summary>DPC: inpatient care, billed by diagnosis group (RECEIPTD).</summary>
    Dpc,

    /// <summary>歯科: dentists (RECEIPTS).</summary>
    Dental,

    /// <summary>調剤: pharmacies (RECEIPTY).</summary>
    Pharmacy,

    /// <summary>訪問看護: home nursing (RECEIPTH). Its amounts are yen, not points.</summary>
    Nursing,
}

/// <summary>Who hands a file over.</summary>
public enum ClaimSide
{
    /// <summary>An institution's file (UKE): a header, claims that begin at RE, and totals in GO.</summary>
    Provider,

    /// <summary>The examining body's file: the same records behind データ識別, 行番号 and 枝番号, claims that begin at MN, corrections as JY.</summary>
    Insurer,
}
