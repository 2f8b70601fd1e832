package dev.guildcast.contract.catalogue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.guildcast.contract.Snowflake;
import dev.guildcast.event.v1.Concealment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// One value of a text that [JsonValidator] has validated: a slice of the text that is parsed on demand.
///
/// Slices share the text: nothing is copied or serialized again, so clients receive what was published. Each value
/// knows its path, for error messages.
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final byte[] text;
    private final int from;
    private final int to;
    private final @Nullable Json parent;
    /// Key in an object; empty for an element of an array.
    private final String name;
    /// Index of the key's first byte in the text, or of the element in its array.
    private final int keyStartOrIndex;
    private @Nullable Map<String, Json> fields;

    private Json(byte[] text, int from, int to, @Nullable Json parent, String name, int keyStartOrIndex) {
        this.text = text;
        this.from = from;
        this.to = to;
        this.parent = parent;
        this.name = name;
        this.keyStartOrIndex = keyStartOrIndex;
    }

    /// @throws InvalidEventException if the text is not one well-formed object
    static Json parse(byte[] text) {
        int start = JsonValidator.validate(text);
        return new Json(text, start, endOfValue(text, start), null, "", 0);
    }

    /// The same value under another name in error paths.
    Json withName(String other) {
        return new Json(text, from, to, null, other, 0);
    }

    /// The same value without parsed fields, which can be garbage-collected while this one is kept.
    Json unparsedCopy() {
        return new Json(text, from, to, parent, name, keyStartOrIndex);
    }

    static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    boolean isObject() {
        return text[from] == '{';
    }

    boolean isArray() {
        return text[from] == '[';
    }

    boolean isNull() {
        return text[from] == 'n';
    }

    private boolean isString() {
        return text[from] == '"';
    }

    /// Finds what not every recipient of an event sees in this value, which is its `d`.
    List<Concealment> concealments(EventRule rule) {
        return switch (rule.references()) {
            case NONE -> List.of();
            case CHANNELS -> ChannelReferences.find(rule, text, from);
            case MESSAGE -> MemberReferences.ofMessage(this);
            case THREAD_MEMBERS -> MemberReferences.ofThread(this);
        };
    }

    /// Index of the value's first byte in another value that contains it.
    int indexIn(Json container) {
        return from - container.from;
    }

    /// Index of the value's key in another value that contains it.
    int keyIndexIn(Json container) {
        return keyStartOrIndex - container.from;
    }

    /// As it was published, white space within it included.
    ByteString raw() {
        return UnsafeByteOperations.unsafeWrap(text, from, to - from);
    }

    /// The key in its object, as it was published.
    ByteString rawKey() {
        return UnsafeByteOperations.unsafeWrap(
                text, keyStartOrIndex, endOfString(text, keyStartOrIndex) - keyStartOrIndex);
    }

    int length() {
        return to - from;
    }

    /// The object's values by key, in the order of the text.
    Map<String, Json> fields() {
        if (fields == null) {
            fields = readFields();
        }
        return fields;
    }

    private Map<String, Json> readFields() {
        if (!isObject()) {
            throw invalid("must be an object");
        }
        var found = new LinkedHashMap<String, Json>();
        int at = skipSpace(from + 1);
        while (text[at] != '}') {
            int nameEnd = endOfValue(text, at);
            var key = decode(at, nameEnd);
            int value = skipSpace(skipSpace(nameEnd) + 1);
            int end = endOfValue(text, value);
            found.put(key, new Json(text, value, end, this, key, at));
            at = skipSeparator(end);
        }
        return found;
    }

    List<Json> elements() {
        if (!isArray()) {
            throw invalid("must be an array");
        }
        var found = new ArrayList<Json>();
        int at = skipSpace(from + 1);
        while (text[at] != ']') {
            int end = endOfValue(text, at);
            found.add(new Json(text, at, end, this, "", found.size()));
            at = skipSeparator(end);
        }
        return found;
    }

    /// The value of this key; null when there is none, or it is null.
    @Nullable
    Json find(String key) {
        var value = fields().get(key);
        return value == null || value.isNull() ? null : value;
    }

    boolean has(String key) {
        return fields().containsKey(key);
    }

    /// The value at this path of keys, such as `user.id`.
    Json get(String path) {
        var value = this;
        for (var key : path.split("\\.")) {
            var next = value.find(key);
            if (next == null) {
                var problem = value.has(key) ? "must not be null" : "is missing";
                var parentPath = value.path();
                throw new InvalidEventException(parentPath.isEmpty() ? key : parentPath + "." + key, problem);
            }
            value = next;
        }
        return value;
    }

    /// A snowflake, written as string or number.
    long id() {
        long value = bits();
        if (value == 0) {
            throw invalid("must be a snowflake, not 0");
        }
        return value;
    }

    /// A set of bits or another unsigned number of 64 bits, written as string or number.
    long bits() {
        int start = isString() ? from + 1 : from;
        int end = isString() ? to - 1 : to;
        boolean digits = end > start && end - start <= Snowflake.DIGITS_MAX;
        for (int i = start; i < end && digits; i++) {
            digits = text[i] >= '0' && text[i] <= '9';
        }
        try {
            if (digits) {
                return Long.parseUnsignedLong(new String(text, start, end - start, StandardCharsets.US_ASCII));
            }
        } catch (NumberFormatException e) {
            // Twenty digits above 2^64 - 1: as invalid as any other text.
        }
        throw invalid("must be a decimal number of 64 bits, as string or number");
    }

    /// Zero when the key is absent or null.
    long idOrZero(String key) {
        var value = find(key);
        return value == null ? 0 : value.id();
    }

    List<Long> ids() {
        return elements().stream().map(Json::id).toList();
    }

    /// @return from 0, below 2^31
    int count() {
        long value = isString() ? -1 : bits();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw invalid("must be a whole number from 0, below 2^31");
        }
        return (int) value;
    }

    boolean flag() {
        if (text[from] != 't' && text[from] != 'f') {
            throw invalid("must be true or false");
        }
        return text[from] == 't';
    }

    /// False when the key is absent or null.
    boolean flagOrFalse(String key) {
        var value = find(key);
        return value != null && value.flag();
    }

    String string() {
        if (!isString()) {
            throw invalid("must be a string");
        }
        return decode(from, to);
    }

    /// Empty when the key is absent or null.
    String stringOrEmpty(String key) {
        var value = find(key);
        return value == null ? "" : value.string();
    }

    InvalidEventException invalid(String reason) {
        return new InvalidEventException(path(), reason);
    }

    String path() {
        if (parent == null) {
            return name;
        }
        if (name.isEmpty()) {
            return parent.path() + "[" + keyStartOrIndex + "]";
        }
        var parentPath = parent.path();
        return parentPath.isEmpty() ? name : parentPath + "." + name;
    }

    private String decode(int start, int end) {
        return decode(text, start, end);
    }

    /// The text of a string, quotes excluded.
    static String decode(byte[] text, int start, int end) {
        for (int i = start; i < end; i++) {
            if (text[i] == '\\') {
                try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text, start, end - start)) {
                    parser.nextToken();
                    return parser.getString();
                }
            }
        }
        return new String(text, start + 1, end - start - 2, StandardCharsets.UTF_8);
    }

    private int skipSpace(int at) {
        int next = at;
        while (isSpace(text[next])) {
            next++;
        }
        return next;
    }

    private int skipSeparator(int at) {
        int next = skipSpace(at);
        return text[next] == ',' ? skipSpace(next + 1) : next;
    }

    /// End of the value that starts at `from`, in a text that is known to be well-formed.
    private static int endOfValue(byte[] text, int from) {
        return switch (text[from]) {
            case '"' -> endOfString(text, from);
            case '{', '[' -> endOfContainer(text, from);
            default -> endOfScalar(text, from);
        };
    }

    static int endOfString(byte[] text, int from) {
        int at = from + 1;
        while (text[at] != '"') {
            at += text[at] == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    private static int endOfContainer(byte[] text, int from) {
        int depth = 0;
        int at = from;
        do {
            switch (text[at]) {
                case '"' -> at = endOfString(text, at) - 1;
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {}
            }
            at++;
        } while (depth > 0);
        return at;
    }

    static int endOfScalar(byte[] text, int from) {
        int at = from;
        while (at < text.length && !isSpace(text[at]) && text[at] != ',' && text[at] != '}' && text[at] != ']') {
            at++;
        }
        return at;
    }
}
