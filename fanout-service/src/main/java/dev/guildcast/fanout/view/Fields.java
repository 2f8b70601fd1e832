package dev.guildcast.fanout.view;

import com.google.protobuf.UnsafeByteOperations;
import dev.guildcast.event.v1.Field;
import dev.guildcast.fanout.json.JsonWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An entity's JSON object as text, field by field, in the order in which the fields first came.
public final class Fields {
    /// Entities have a few dozen fields, whose names are shared. Of one with more, a publisher has invented the names,
    /// and the process keeps none of them once it is gone.
    private static final int INTERNED_MAX = 128;

    static final Fields NONE = new Fields(new String[0], new byte[0][]);

    private final String[] names;
    private final byte[][] values;

    private Fields(String[] names, byte[][] values) {
        this.names = names;
        this.values = values;
    }

    /// From a record; the last one wins where a name occurs twice.
    static Fields of(List<Field> fields) {
        return fields.isEmpty() ? NONE : NONE.with(fields, Set.of());
    }

    /// From a record, without the fields that are kept in typed form.
    static Fields of(List<Field> fields, Set<String> except) {
        return NONE.with(fields, except);
    }

    /// These fields with the named ones replaced or added.
    Fields with(List<Field> newer, Set<String> except) {
        Map<String, byte[]> merged = byName(names.length + newer.size());
        for (Field field : newer) {
            if (!except.contains(field.getName())) {
                merged.put(field.getName(), field.getJson().toByteArray());
            }
        }
        String[] mergedNames = merged.keySet().toArray(String[]::new);
        if (mergedNames.length <= INTERNED_MAX) {
            for (int i = 0; i < mergedNames.length; i++) {
                mergedNames[i] = mergedNames[i].intern();
            }
        }
        return new Fields(mergedNames, merged.values().toArray(byte[][]::new));
    }

    /// In the order of the fields.
    private Map<String, byte[]> byName(int sizeMax) {
        Map<String, byte[]> map = LinkedHashMap.newLinkedHashMap(sizeMax);
        for (int i = 0; i < names.length; i++) {
            map.put(names[i], values[i]);
        }
        return map;
    }

    public byte @Nullable [] get(String name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return values[i];
            }
        }
        return null;
    }

    public boolean has(String name) {
        return get(name) != null;
    }

    /// Writes all members but the named ones into an open object.
    public void writeTo(JsonWriter out, Set<String> except) {
        for (int i = 0; i < names.length; i++) {
            if (!except.contains(names[i])) {
                out.name(names[i]).raw(values[i]);
            }
        }
    }

    public List<Field> toRecord() {
        var fields = new ArrayList<Field>(names.length);
        for (int i = 0; i < names.length; i++) {
            fields.add(Field.newBuilder()
                    .setName(names[i])
                    .setJson(UnsafeByteOperations.unsafeWrap(values[i]))
                    .build());
        }
        return fields;
    }

    /// The same fields with the same text, in whatever order.
    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Fields that) || that.names.length != names.length) {
            return false;
        }
        boolean sameOrder = Arrays.equals(names, that.names);
        Map<String, byte[]> others = sameOrder ? Map.of() : that.byName(names.length);
        for (int i = 0; i < names.length; i++) {
            if (!Arrays.equals(values[i], sameOrder ? that.values[i] : others.get(names[i]))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int sum = 0;
        for (int i = 0; i < names.length; i++) {
            sum += names[i].hashCode() ^ Arrays.hashCode(values[i]);
        }
        return sum;
    }

    @Override
    public String toString() {
        return "fields " + String.join(",", names);
    }
}
