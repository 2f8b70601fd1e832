package dev.guildcast.contract.catalogue;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.Snowflake;
import dev.guildcast.event.v1.Concealment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Finds the channels that an event names besides its own, by the names of keys, at any depth: `channel_id` and
/// `*_channel_id`, lists `*channel_ids`, `channels`, `*_channels` and `threads`, objects `channel` and `*_channel`, the
/// category of a channel, the target of an entry of the audit log, and permissions of a command for a channel.
///
/// One pass over the text, which is known to be well-formed and of bounded depth.
final class ChannelReferences {
    private static final ByteString NULL = ByteString.copyFromUtf8("null");
    private static final ByteString EMPTY_LIST = ByteString.copyFromUtf8("[]");
    /// An element of an array, or a key and its value, is left out.
    private static final ByteString OMITTED = ByteString.EMPTY;
    /// Type of a command's permission that is for a channel.
    private static final long CHANNEL_PERMISSION = 3;
    private static final Comparator<Concealment> OUTER_FIRST =
            Comparator.comparingInt(Concealment::getFrom).thenComparing(Concealment::getTo, Comparator.reverseOrder());

    /// What an object is, by where it stands.
    private enum Kind {
        ROOT,
        /// A channel, a thread, or something about one, in a list.
        LISTED,
        OTHER
    }

    /// A value in the text.
    private record Slice(int from, int to, long id) {
        static final Slice NONE = new Slice(0, 0, 0);
    }

    /// The fields of an object that decide about it as a whole.
    private static final class Fields {
        private Slice id = Slice.NONE;
        private Slice channelId = Slice.NONE;
        private Slice parentId = Slice.NONE;
        private Slice targetId = Slice.NONE;
        private Slice changes = Slice.NONE;
        private Slice newValue = Slice.NONE;
        private Slice oldValue = Slice.NONE;
        private long type = -1;
        /// Value of `key`, which names the field that an entry of the audit log is about.
        private String key = "";
        private int end;
    }

    private final EventRule rule;
    private final byte[] text;
    private final int base;
    private final List<Concealment> found = new ArrayList<>();

    private ChannelReferences(EventRule rule, byte[] text, int base) {
        this.rule = rule;
        this.text = text;
        this.base = base;
    }

    /// @param base index of the first byte of `d`, an object
    static List<Concealment> find(EventRule rule, byte[] text, int base) {
        var references = new ChannelReferences(rule, text, base);
        references.object(base, Kind.ROOT);
        if (references.found.isEmpty()) {
            return List.of();
        }
        references.found.sort(OUTER_FIRST);
        return references.found;
    }

    private Fields object(int start, Kind kind) {
        var fields = new Fields();
        int at = skipSpace(start + 1);
        while (text[at] != '}') {
            int keyEnd = Json.endOfString(text, at);
            var key = Json.decode(text, at, keyEnd);
            int value = skipSpace(skipSpace(keyEnd) + 1);
            int end = member(fields, kind, key, value);
            at = skipSeparator(end);
        }
        fields.end = at + 1;
        if (kind == Kind.ROOT && fields.targetId.id != 0) {
            add(fields.targetId, NULL, fields.targetId.id);
            add(fields.changes, EMPTY_LIST, fields.targetId.id);
        }
        if (isChannelKey(fields.key)) {
            add(fields.newValue, NULL, fields.newValue.id);
            add(fields.oldValue, NULL, fields.oldValue.id);
        }
        return fields;
    }

    /// @return the end of the value
    private int member(Fields fields, Kind kind, String key, int at) {
        switch (text[at]) {
            case '{' -> {
                return objectMember(key, at);
            }
            case '[' -> {
                int end = array(at, key);
                if (key.equals("changes")) {
                    fields.changes = new Slice(at, end, 0);
                }
                return end;
            }
            default -> {
                int end = endOfScalar(at);
                scalarMember(fields, kind, key, new Slice(at, end, snowflake(at, end)));
                return end;
            }
        }
    }

    private int objectMember(String key, int at) {
        if (key.equals("channels")) {
            return channelsById(at);
        }
        var fields = object(at, Kind.OTHER);
        if (isChannelObject(key)) {
            add(new Slice(at, fields.end, 0), NULL, fields.id.id);
        }
        return fields.end;
    }

    /// An object whose keys are ids of channels.
    private int channelsById(int start) {
        int at = skipSpace(start + 1);
        while (text[at] != '}') {
            int keyEnd = Json.endOfString(text, at);
            long id = snowflake(at, keyEnd);
            int value = skipSpace(skipSpace(keyEnd) + 1);
            int end = text[value] == '{' ? object(value, Kind.LISTED).end : plainValue(value);
            add(new Slice(at, end, id), OMITTED, id);
            at = skipSeparator(end);
        }
        return at + 1;
    }

    private void scalarMember(Fields fields, Kind kind, String key, Slice value) {
        switch (key) {
            case "id" -> fields.id = value;
            case "channel_id" -> fields.channelId = value;
            case "parent_id" -> fields.parentId = value;
            case "target_id" -> fields.targetId = value;
            case "new_value" -> fields.newValue = value;
            case "old_value" -> fields.oldValue = value;
            case "type" -> fields.type = value.id;
            case "key" -> fields.key = text[value.from] == '"' ? Json.decode(text, value.from, value.to) : "";
            default -> {}
        }
        boolean reference = isChannelKey(key) && kind != Kind.LISTED && !(kind == Kind.ROOT && rule.isOwnChannel(key));
        boolean category = key.equals("parent_id")
                && (kind == Kind.LISTED || kind == Kind.ROOT && rule.type().startsWith("CHANNEL_"));
        if (reference || category) {
            add(value, NULL, value.id);
        }
    }

    private int array(int start, String key) {
        boolean ofChannels = isChannelList(key);
        boolean ofPermissions = key.equals("permissions");
        int at = skipSpace(start + 1);
        while (text[at] != ']') {
            int end;
            if (text[at] == '{') {
                var fields = object(at, ofChannels ? Kind.LISTED : Kind.OTHER);
                end = fields.end;
                var element = new Slice(at, end, 0);
                if (ofChannels) {
                    add(element, OMITTED, fields.id.id == 0 ? fields.channelId.id : fields.id.id);
                    if (key.equals("threads")) {
                        add(element, OMITTED, fields.parentId.id);
                    }
                } else if (ofPermissions && fields.type == CHANNEL_PERMISSION) {
                    add(element, OMITTED, fields.id.id);
                }
            } else if (text[at] == '[') {
                end = array(at, key);
            } else {
                end = endOfScalar(at);
                if (ofChannels) {
                    add(new Slice(at, end, 0), OMITTED, snowflake(at, end));
                }
            }
            at = skipSeparator(end);
        }
        return at + 1;
    }

    private int plainValue(int at) {
        return text[at] == '[' ? array(at, "") : endOfScalar(at);
    }

    private void add(Slice part, ByteString replacement, long channel) {
        if (channel != 0 && part.to > part.from) {
            found.add(Concealment.newBuilder()
                    .setFrom(part.from - base)
                    .setTo(part.to - base)
                    .setReplacement(replacement)
                    .setChannelId(channel)
                    .build());
        }
    }

    private static boolean isChannelKey(String key) {
        return key.equals("channel_id") || key.endsWith("_channel_id");
    }

    private static boolean isChannelObject(String key) {
        return key.equals("channel") || key.endsWith("_channel");
    }

    private static boolean isChannelList(String key) {
        return key.endsWith("channel_ids")
                || key.equals("channels")
                || key.endsWith("_channels")
                || key.equals("threads");
    }

    private int endOfScalar(int at) {
        return text[at] == '"' ? Json.endOfString(text, at) : Json.endOfScalar(text, at);
    }

    /// A snowflake or another unsigned number, as number or string; 0 for anything else.
    private long snowflake(int from, int to) {
        boolean string = text[from] == '"';
        int start = string ? from + 1 : from;
        int length = (string ? to - 1 : to) - start;
        if (length <= 0 || length > Snowflake.DIGITS_MAX || text[start] < '0' || text[start] > '9') {
            return 0;
        }
        return Snowflake.parseOrZero(new String(text, start, length, StandardCharsets.ISO_8859_1));
    }

    private int skipSpace(int at) {
        int next = at;
        while (Json.isSpace(text[next])) {
            next++;
        }
        return next;
    }

    private int skipSeparator(int at) {
        int next = skipSpace(at);
        return text[next] == ',' ? skipSpace(next + 1) : next;
    }
}
