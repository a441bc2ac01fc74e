using System.Reflection;
using KenkoPortal.Core.Data.Postgres;
using KenkoPortal.Core.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace KenkoPortal.Core.Data;

/// <summary>A column of an entity as <see cref="BulkWrites"/> writes it: read and converted without a box for each value.</summary>
internal abstract class BulkColumn<TEntity>(IProperty property, int index)
    where TEntity : class
{
    public IProperty Property { get; } = property;

    /// <summary>From 0.</summary>
    public int Index { get; } = index;

    public string Quoted { get; } = $"\"{property.GetColumnName()}\"";

    /// <summary>Its parameter on SQLite.</summary>
    public string Number => $"?{Index + 1}";

    public static BulkColumn<TEntity> Of(IProperty property, int index)
    {
        var converter = property.GetTypeMapping().Converter;
        var stored = converter?.ProviderClrType ?? property.ClrType;
        if (stored.IsValueType && property.IsNullable && Nullable.GetUnderlyingType(stored) is null)
        {
            stored = typeof(Nullable<>).MakeGenericType(stored);
        }

        return Of(stored, property, index, converter);
    }

    /// <summary>By name, so that each is compiled ahead of time: a command would spend as long on compiling them as on a tenth of its rows.</summary>
    private static BulkColumn<TEntity> Of(Type stored, IProperty property, int index, ValueConverter? converter) =>
        stored == typeof(string) ? new Typed<string>(property, index, converter)
        : stored == typeof(int) ? new Typed<int>(property, index, converter)
        : stored == typeof(int?) ? new Typed<int?>(property, index, converter)
        : stored == typeof(long) ? new Typed<long>(property, index, converter)
        : stored == typeof(long?) ? new Typed<long?>(property, index, converter)
        : stored == typeof(bool) ? new Typed<bool>(property, index, converter)
        : stored == typeof(bool?) ? new Typed<bool?>(property, index, converter)
        : stored == typeof(Guid) ? new Typed<Guid>(property, index, converter)
        : stored == typeof(Guid?) ? new Typed<Guid?>(property, index, converter)
        : stored == typeof(DateOnly) ? new Typed<DateOnly>(property, index, converter)
        : stored == typeof(DateOnly?) ? new Typed<DateOnly?>(property, index, converter)
        : stored == typeof(DateTime) ? new Typed<DateTime>(property, index, converter)
        : stored == typeof(DateTime?) ? new Typed<DateTime?>(property, index, converter)
        : stored == typeof(decimal) ? new Typed<decimal>(property, index, converter)
        : stored == typeof(decimal?) ? new Typed<decimal?>(property, index, converter)
        : stored == typeof(byte[]) ? new Typed<byte[]>(property, index, converter)
        : throw new NotSupportedException($"{property.Name} is stored as {stored.Name}, which is not written in bulk.");

    /// <summary>Writes the row's value as the next one of PostgreSQL's COPY.</summary>
    public abstract void Copy(CopyRows copy, TEntity row);

    /// <summary>Writes the row's value into its parameter of SQLite's statement.</summary>
    public abstract void Bind(SqliteRows statement, TEntity row);

    private sealed class Typed<TStored> : BulkColumn<TEntity>
    {
        private readonly Func<TEntity, TStored> _read;
        private TStored? _bound;
        private bool _isBound;

        public Typed(IProperty property, int index, ValueConverter? converter)
            : base(property, index) => _read = Reading(property, converter);

        public override void Copy(CopyRows copy, TEntity row) => copy.Write(_read(row));

        /// <summary>What stands in the statement stays there: a value like that of the row before need not be written again.</summary>
        public override void Bind(SqliteRows statement, TEntity row)
        {
            var value = _read(row);
            if (!_isBound || !EqualityComparer<TStored>.Default.Equals(value, _bound))
            {
                statement.Bind(Index + 1, value);
                (_bound, _isBound) = (value, true);
            }
        }

        private static Func<TEntity, TStored> Reading(IProperty property, ValueConverter? converter)
        {
            var getter = property.PropertyInfo?.GetMethod ?? throw new NotSupportedException($"{property.Name} is no property that can be read.");
            if (property.DeclaringType is IComplexType complex)
            {
                return converter is null
                    ? OfPart(complex.ComplexProperty, getter)
                    : throw new NotSupportedException($"{property.Name} is part of another property and converted, which is not written in bulk.");
            }

            if (converter is null)
            {
                return getter.CreateDelegate<Func<TEntity, TStored>>();
            }

            var read = typeof(Typed<TStored>).GetMethod(
                Nullable.GetUnderlyingType(property.ClrType) is null ? nameof(Converted) : nameof(ConvertedOrNull), BindingFlags.NonPublic | BindingFlags.Static)!;
            return (Func<TEntity, TStored>)read.MakeGenericMethod(converter.ModelClrType, converter.ProviderClrType).Invoke(null, [getter, converter])!;
        }

        /// <summary>A value of a record that is a property of the row, such as an amount of a claim.</summary>
        private static Func<TEntity, TStored> OfPart(IComplexProperty part, MethodInfo getter)
        {
            var read = typeof(Typed<TStored>).GetMethod(nameof(Joined), BindingFlags.NonPublic | BindingFlags.Static)!;
            return (Func<TEntity, TStored>)read.MakeGenericMethod(part.ClrType).Invoke(null, [part.PropertyInfo!.GetMethod!, getter])!;
        }

        private static Func<TEntity, TStored> Joined<TPart>(MethodInfo partGetter, MethodInfo getter)
            where TPart : class
        {
            var part = partGetter.CreateDelegate<Func<TEntity, TPart>>();
            var read = getter.CreateDelegate<Func<TPart, TStored>>();
            return row => read(part(row));
        }

        private static Func<TEntity, TStored> Converted<TModel, TProvider>(MethodInfo getter, ValueConverter converter)
        {
            var read = getter.CreateDelegate<Func<TEntity, TModel>>();
            var convert = ((ValueConverter<TModel, TProvider>)converter).ConvertToProviderTyped;
            return convert is Func<TModel, TStored> same ? row => same(read(row)) : row => (TStored)(object)convert(read(row))!;
        }

        private static Func<TEntity, TStored> ConvertedOrNull<TModel, TProvider>(MethodInfo getter, ValueConverter converter)
            where TModel : struct
        {
            var read = getter.CreateDelegate<Func<TEntity, TModel?>>();
            var convert = ((ValueConverter<TModel, TProvider>)converter).ConvertToProviderTyped;
            return row => read(row) is { } value ? (TStored)(object)convert(value)! : default!;
        }
    }
}
