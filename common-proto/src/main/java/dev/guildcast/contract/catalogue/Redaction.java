package dev.guildcast.contract.catalogue;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.catalogue.EventRule.ContentRule;
import dev.guildcast.event.v1.ContentVariant;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The payload for sessions without message content, and the users who receive the full one all the same.
///
/// @param payload without content; null when nothing has to be removed
/// @param fullRecipients users who may read all of the content
/// @param variants payloads for users who may read a part of it
record Redaction(@Nullable ByteString payload, List<Long> fullRecipients, List<ContentVariant> variants) {
    static final ByteString EMPTY_STRING = ByteString.copyFromUtf8("\"\"");
    /// Marks a key that is left out.
    static final ByteString OMITTED = ByteString.EMPTY;

    private static final Map<String, ByteString> AUTO_MODERATION_BLANKS =
            Map.of("content", EMPTY_STRING, "matched_content", EMPTY_STRING);

    static final Redaction NONE = new Redaction(null, List.of(), List.of());

    static Redaction of(ContentRule content, Json d) {
        return switch (content) {
            case PLAIN -> NONE;
            case MESSAGE -> MessageContent.redact(d);
            case AUTO_MODERATION ->
                of(blank(d, AUTO_MODERATION_BLANKS), List.of(d.get("user_id").id()));
        };
    }

    private static Redaction of(@Nullable ByteString payload, List<Long> recipients) {
        return payload == null ? NONE : new Redaction(payload, recipients, List.of());
    }

    private static @Nullable ByteString blank(Json object, Map<String, ByteString> blanks) {
        return rewrite(object, (key, value) -> blankValue(blanks, key, value));
    }

    static @Nullable ByteString blankValue(Map<String, ByteString> blanks, String key, Json value) {
        var blank = blanks.get(key);
        if (blank == null || value.isNull() || value.raw().equals(blank)) {
            return null;
        }
        return blank;
    }

    /// Returns another text for a value; null keeps it as it is, an empty one leaves out its key.
    interface Replacement {
        @Nullable
        ByteString of(String key, Json value);
    }

    /// @return null if nothing is replaced
    static @Nullable ByteString rewrite(Json object, Replacement replacement) {
        var out = new ByteArrayOutputStream(object.length());
        boolean changed = false;
        char separator = '{';
        for (var entry : object.fields().entrySet()) {
            var value = entry.getValue();
            var replaced = replacement.of(entry.getKey(), value);
            changed |= replaced != null;
            if (OMITTED.equals(replaced)) {
                continue;
            }
            out.write(separator);
            out.writeBytes(value.rawKey().toByteArray());
            out.write(':');
            out.writeBytes((replaced == null ? value.raw() : replaced).toByteArray());
            separator = ',';
        }
        if (separator == '{') {
            out.write('{');
        }
        out.write('}');
        return changed ? ByteString.copyFrom(out.toByteArray()) : null;
    }
}
