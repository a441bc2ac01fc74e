namespace KenkoPortal.Core.GenericDrugs;

/// <summary>A row of the 医薬品マスター: links a claim's nine-digit code to a product.</summary>
public sealed class MasterDrug
{
    public required Guid EditionId { get; init; }

    /// <summary>医薬品コード, nine digits.</summary>
    public required string Code { get; init; }

    /// <summary>薬価基準コード, twelve characters.</summary>
    public required string PriceCode { get; init; }

    public required string Name { get; init; }

    /// <summary>単位, such as 錠.</summary>
    public required string Unit { get; init; }

    /// <summary>新又は現金額 in yen.</summary>
    public required decimal Price { get; init; }

    /// <summary>長期収載品関連: for an entry of 選定療養 the nine digits of the original that it stands for.</summary>
    public string? OriginalCode { get; init; }

    /// <summary>抗HIV薬区分: told to nobody.</summary>
    public required bool IsAntiHiv { get; init; }
}
