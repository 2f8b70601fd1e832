package dev.guildcast.contract.catalogue;

import com.google.protobuf.ByteString;
import dev.guildcast.event.v1.ContentVariant;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Blanks the content of a message and of the messages in it: referenced ones, and forwarded ones (snapshots).
///
/// Each message is judged by itself: its author and the users it mentions may read it, whatever contains it. Messages
/// are numbered in the order of the text, from 0 for the outer one.
final class MessageContent {
    /// Payloads for users who may read a part of the content. A reply and what it quotes need two; users beyond the
    /// bound receive the payload without content.
    private static final int VARIANTS_MAX = 4;
    /// Bytes of all such payloads of one event, which are stored in its record.
    private static final int VARIANT_BYTES_MAX = EventCatalogue.EVENT_BYTES_MAX / 2;

    private static final ByteString EMPTY_LIST = ByteString.copyFromUtf8("[]");
    private static final Map<String, ByteString> BLANKS = Map.of(
            "content",
            Redaction.EMPTY_STRING,
            "embeds",
            EMPTY_LIST,
            "attachments",
            EMPTY_LIST,
            "components",
            EMPTY_LIST,
            "poll",
            Redaction.OMITTED);

    /// The messages that are left as they are.
    private final BitSet readable;
    /// The messages that were blanked.
    private final BitSet blanked = new BitSet();
    private final List<Set<Long>> readers = new ArrayList<>();

    private MessageContent(BitSet readable) {
        this.readable = readable;
    }

    static Redaction redact(Json message) {
        var content = new MessageContent(new BitSet());
        var payload = content.blank(message);
        if (payload == null) {
            return Redaction.NONE;
        }
        var full = new ArrayList<Long>();
        var partial = new LinkedHashMap<BitSet, List<Long>>();
        content.readableByUser().forEach((user, messages) -> {
            if (messages.equals(content.blanked)) {
                full.add(user);
            } else {
                partial.computeIfAbsent(messages, ignored -> new ArrayList<>()).add(user);
            }
        });
        return new Redaction(payload, full, variants(message, partial));
    }

    private static List<ContentVariant> variants(Json message, Map<BitSet, List<Long>> usersByMessages) {
        var variants = new ArrayList<ContentVariant>();
        int bytes = 0;
        for (var each : usersByMessages.entrySet()) {
            if (variants.size() == VARIANTS_MAX) {
                break;
            }
            var payload = new MessageContent(each.getKey()).blank(message);
            if (payload != null && bytes + payload.size() <= VARIANT_BYTES_MAX) {
                bytes += payload.size();
                variants.add(ContentVariant.newBuilder()
                        .setPayload(payload)
                        .addAllUsers(each.getValue())
                        .build());
            }
        }
        return variants;
    }

    /// The blanked messages that each user may read.
    private Map<Long, BitSet> readableByUser() {
        var messages = new LinkedHashMap<Long, BitSet>();
        for (int message = blanked.nextSetBit(0); message >= 0; message = blanked.nextSetBit(message + 1)) {
            for (long user : readers.get(message)) {
                messages.computeIfAbsent(user, ignored -> new BitSet()).set(message);
            }
        }
        return messages;
    }

    /// @return null if nothing changes
    private @Nullable ByteString blank(Json message) {
        int index = readers.size();
        readers.add(readersOf(message));
        return Redaction.rewrite(message, (key, value) -> switch (key) {
            case "referenced_message" -> value.isObject() ? blank(value) : null;
            case "message_snapshots" -> value.isArray() ? blankSnapshots(value) : null;
            default -> blankValue(index, key, value);
        });
    }

    private @Nullable ByteString blankValue(int index, String key, Json value) {
        var blank = readable.get(index) ? null : Redaction.blankValue(BLANKS, key, value);
        if (blank != null) {
            blanked.set(index);
        }
        return blank;
    }

    /// Forwarded messages: each element has its message under the key `message`.
    private @Nullable ByteString blankSnapshots(Json snapshots) {
        var out = new ByteArrayOutputStream(snapshots.length());
        boolean changed = false;
        char separator = '[';
        for (var snapshot : snapshots.elements()) {
            var rewritten = Redaction.rewrite(
                    snapshot, (key, value) -> key.equals("message") && value.isObject() ? blank(value) : null);
            changed |= rewritten != null;
            out.write(separator);
            out.writeBytes((rewritten == null ? snapshot.raw() : rewritten).toByteArray());
            separator = ',';
        }
        out.write(']');
        return changed ? ByteString.copyFrom(out.toByteArray()) : null;
    }

    /// The author and the users it mentions; a forwarded message names no author.
    private static Set<Long> readersOf(Json message) {
        var users = new LinkedHashSet<Long>();
        var author = message.find("author");
        if (author != null) {
            users.add(author.get("id").id());
        }
        var mentions = message.find("mentions");
        if (mentions != null) {
            mentions.elements().forEach(user -> users.add(user.get("id").id()));
        }
        return users;
    }
}
