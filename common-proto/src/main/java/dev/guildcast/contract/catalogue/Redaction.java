package dev.guildcast.contract.catalogue;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.catalogue.EventRule.ContentRule;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The payload for sessions without message content, and the users who receive the full one all the same.
///
/// @param payload without content; null when nothing has to be removed
/// @param fullRecipients author and mentioned users
record Redaction(@Nullable ByteString payload, List<Long> fullRecipients) {
    private static final ByteString EMPTY_STRING = ByteString.copyFromUtf8("\"\"");
    private static final ByteString EMPTY_LIST = ByteString.copyFromUtf8("[]");
    /// Marks a key that is left out.
    private static final ByteString OMITTED = ByteString.EMPTY;

    private static final Map<String, ByteString> MESSAGE_BLANKS = Map.of(
            "content", EMPTY_STRING,
            "embeds", EMPTY_LIST,
            "attachments", EMPTY_LIST,
            "components", EMPTY_LIST,
            "poll", OMITTED);
    private static final Map<String, ByteString> AUTO_MODERATION_BLANKS =
            Map.of("content", EMPTY_STRING, "matched_content", EMPTY_STRING);

    static final Redaction NONE = new Redaction(null, List.of());

    static Redaction of(ContentRule content, Json d) {
        return switch (content) {
            case PLAIN -> NONE;
            case MESSAGE -> of(blankMessage(d), fullRecipientsOf(d));
            case AUTO_MODERATION ->
                of(blank(d, AUTO_MODERATION_BLANKS), List.of(d.get("user_id").id()));
        };
    }

    private static Redaction of(@Nullable ByteString payload, List<Long> recipients) {
        return payload == null ? NONE : new Redaction(payload, recipients);
    }

    private static List<Long> fullRecipientsOf(Json message) {
        var recipients = new ArrayList<Long>();
        var author = message.find("author");
        if (author != null) {
            recipients.add(author.get("id").id());
        }
        var mentions = message.find("mentions");
        if (mentions != null) {
            for (var user : mentions.elements()) {
                long id = user.get("id").id();
                if (!recipients.contains(id)) {
                    recipients.add(id);
                }
            }
        }
        return recipients;
    }

    /// @return null if nothing changes
    private static @Nullable ByteString blankMessage(Json message) {
        return rewrite(message, (key, value) -> switch (key) {
            case "referenced_message" -> value.isObject() ? blankMessage(value) : null;
            case "message_snapshots" -> value.isArray() ? blankSnapshots(value) : null;
            default -> blankValue(MESSAGE_BLANKS, key, value);
        });
    }

    /// Forwarded messages: each element has its message under the key `message`.
    private static @Nullable ByteString blankSnapshots(Json snapshots) {
        var out = new ByteArrayOutputStream(snapshots.length());
        boolean changed = false;
        char separator = '[';
        for (var snapshot : snapshots.elements()) {
            var blanked = rewrite(
                    snapshot, (key, value) -> key.equals("message") && value.isObject() ? blankMessage(value) : null);
            changed |= blanked != null;
            out.write(separator);
            out.writeBytes((blanked == null ? snapshot.raw() : blanked).toByteArray());
            separator = ',';
        }
        out.write(']');
        return changed ? ByteString.copyFrom(out.toByteArray()) : null;
    }

    private static @Nullable ByteString blank(Json object, Map<String, ByteString> blanks) {
        return rewrite(object, (key, value) -> blankValue(blanks, key, value));
    }

    private static @Nullable ByteString blankValue(Map<String, ByteString> blanks, String key, Json value) {
        var blank = blanks.get(key);
        if (blank == null || value.isNull() || value.raw().equals(blank)) {
            return null;
        }
        return blank;
    }

    /// Returns another text for a value; null keeps it as it is, an empty one leaves out its key.
    private interface Replacement {
        @Nullable
        ByteString of(String key, Json value);
    }

    /// @return null if nothing is replaced
    private static @Nullable ByteString rewrite(Json object, Replacement replacement) {
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
