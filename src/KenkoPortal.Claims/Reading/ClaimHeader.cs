namespace KenkoPortal.Claims.Reading;

/// <summary>What IR, UK, YK and HM tell: who billed, and in which month (請求年月), where they say.</summary>
internal sealed record ClaimHeader(Institution Institution, TreatmentMonth? BilledMonth);
