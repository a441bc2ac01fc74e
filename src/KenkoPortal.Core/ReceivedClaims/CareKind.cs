namespace KenkoPortal.Core.ReceivedClaims;

/// <summary>診療区分, as the national portal's 医療費通知情報 names them.</summary>
public enum CareKind
{
    /// <summary>医科入院, DPC too.</summary>
    MedicalInpatient,

    /// <summary>医科外来.</summary>
    MedicalOutpatient,

    /// <summary>歯科入院.</summary>
    DentalInpatient,

    /// <summary>歯科外来.</summary>
    DentalOutpatient,

    /// <summary>調剤.</summary>
    Pharmacy,

    /// <summary>訪問看護.</summary>
    HomeNursing,
}
