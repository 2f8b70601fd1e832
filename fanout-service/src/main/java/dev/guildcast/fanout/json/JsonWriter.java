package dev.guildcast.fanout.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Assembles JSON from text that is already JSON; it encodes names, ids, numbers and strings itself.
///
/// It places the commas: a value or name that follows another in the same object or array gets one.
public final class JsonWriter {
    private static final byte[] NULL = ascii("null");

    private byte[] bytes = new byte[512];
    private int length;
    private boolean comma;

    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public JsonWriter open(char bracket) {
        separate();
        put((byte) bracket);
        comma = false;
        return this;
    }

    public JsonWriter close(char bracket) {
        put((byte) bracket);
        comma = true;
        return this;
    }

    /// A member's name; its value must follow.
    public JsonWriter name(String name) {
        string(name);
        put((byte) ':');
        comma = false;
        return this;
    }

    /// A whole JSON value, or several with commas between them.
    public JsonWriter raw(byte[] json) {
        if (json.length > 0) {
            separate();
            put(json, json.length);
            comma = true;
        }
        return this;
    }

    public JsonWriter raw(String json) {
        return raw(json.getBytes(StandardCharsets.UTF_8));
    }

    public JsonWriter number(long value) {
        return raw(ascii(Long.toString(value)));
    }

    public JsonWriter bool(boolean value) {
        return raw(ascii(value ? "true" : "false"));
    }

    /// A snowflake, as JSON string.
    public JsonWriter id(long id) {
        separate();
        put((byte) '"');
        byte[] digits = ascii(Long.toUnsignedString(id));
        put(digits, digits.length);
        put((byte) '"');
        comma = true;
        return this;
    }

    /// A snowflake, or null for 0.
    public JsonWriter idOrNull(long id) {
        return id == 0 ? raw(NULL) : id(id);
    }

    public JsonWriter string(String text) {
        separate();
        put((byte) '"');
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\' || c < 0x20) {
                putUtf8(text.substring(from, i));
                putUtf8(c < 0x20 ? String.format(Locale.ROOT, "\\u%04x", (int) c) : "\\" + c);
                from = i + 1;
            }
        }
        putUtf8(from == 0 ? text : text.substring(from));
        put((byte) '"');
        comma = true;
        return this;
    }

    public JsonWriter member(String name, byte @Nullable [] json) {
        return name(name).raw(json == null ? NULL : json);
    }

    public int length() {
        return length;
    }

    /// Truncates to `length` bytes, of which the last was the end of a value or an opening bracket.
    public void truncateTo(int length) {
        this.length = length;
        byte last = length == 0 ? 0 : bytes[length - 1];
        comma = length > 0 && last != '[' && last != '{' && last != ':';
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private void separate() {
        if (comma) {
            put((byte) ',');
        }
    }

    private void putUtf8(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        put(utf8, utf8.length);
    }

    private void put(byte one) {
        grow(1);
        bytes[length++] = one;
    }

    private void put(byte[] more, int count) {
        grow(count);
        System.arraycopy(more, 0, bytes, length, count);
        length += count;
    }

    private void grow(int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
    }
}
