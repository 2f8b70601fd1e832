package dev.guildcast.contract.catalogue;

import dev.guildcast.contract.SessionId;
import dev.guildcast.contract.catalogue.EventRule.Route;
import dev.guildcast.event.v1.Concealment;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.event.v1.UserEvent;
import dev.guildcast.event.v1.UserRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Parses published events, in the form that clients receive, into records for the logs.
///
/// An event is one JSON object: `t` and `d` as clients receive them, `users` for an event without a guild, `publisher`
/// and `sequence` for deduplication; other keys are ignored. `d` reaches clients byte for byte: records share the text
/// that was parsed, so the array must not be changed afterwards. `docs/events.md` is generated from the table behind
/// this class.
public final class EventCatalogue {
    /// Bytes of one event, 512 KiB: fits into the gRPC default of 4 MB and, with its recipients, into one record.
    public static final int EVENT_BYTES_MAX = 512 * 1024;

    /// Bytes of one event that is a whole guild, 64 MiB: about 200 000 members of 300 bytes.
    public static final int DOCUMENT_BYTES_MAX = 64 * 1024 * 1024;

    /// The highest sequence of a publication, 2^53 - 1: every JSON library reads it exactly, and no addition to it
    /// overflows.
    public static final long SEQUENCE_MAX = (1L << 53) - 1;

    /// Users of one event: bounds the work of one record, as 1000 members bound a part of a guild.
    private static final int USERS_MAX = 1000;
    /// Bytes of a publisher's name, of which each shard's checkpoint contains up to 256.
    private static final int PUBLISHER_BYTES_MAX = 128;
    /// Characters of a type: the longest in use have about 40.
    public static final int TYPE_CHARS_MAX = 64;
    private static final Pattern TYPE = Pattern.compile("[A-Z][A-Z0-9_]{0," + (TYPE_CHARS_MAX - 1) + "}");

    private EventCatalogue() {}

    /// Whether a type has a length that shards accept; for records of backends that write the logs themselves, whose
    /// types no ingress has checked.
    public static boolean hasTypeLength(String type) {
        return !type.isEmpty() && type.length() <= TYPE_CHARS_MAX;
    }

    /// Parses an event of a backend that writes to Kafka itself.
    public static ParsedEvent parse(byte[] event) {
        return parse(event, PublisherContext.UNRESTRICTED);
    }

    /// Parses one event; an error in it is returned as a value, never thrown.
    public static ParsedEvent parse(byte[] event, PublisherContext publisherContext) {
        try {
            if (event.length > DOCUMENT_BYTES_MAX) {
                throw new InvalidEventException("", event.length + " bytes (at most " + DOCUMENT_BYTES_MAX + ")");
            }
            return parse(Json.parse(event), event.length, publisherContext);
        } catch (InvalidEventException exception) {
            return exception.toParsedEvent();
        }
    }

    /// Creates the record of an event that one of the project's own services publishes, such as a presence.
    ///
    /// @param d the JSON of `d`, an object that names its guild
    /// @throws IllegalArgumentException if the event is invalid
    public static ParsedEvent.ToGuild fromService(String type, byte[] d) {
        return fromService(type, d, List.of());
    }

    /// As above, for these sessions only (VOICE_SERVER_UPDATE).
    public static ParsedEvent.ToGuild fromService(String type, byte[] d, List<SessionId> sessions) {
        try {
            var rule = EventTable.rule(type);
            if (rule.route() == Route.GATEWAY_ONLY || rule.route() == Route.USERS) {
                throw new InvalidEventException("t", "is not published to a guild");
            }
            if (d.length > EVENT_BYTES_MAX) {
                throw new InvalidEventException("d", "has " + d.length + " bytes (at most " + EVENT_BYTES_MAX + ")");
            }
            return GuildEventRecordFactory.toGuild(rule, Json.parse(d).withName("d"), List.of(), sessions, null);
        } catch (InvalidEventException exception) {
            var invalid = exception.toParsedEvent();
            throw new IllegalArgumentException(type + ": " + invalid.field() + " " + invalid.reason(), exception);
        }
    }

    /// Finds what not every recipient sees in a payload that a shard built from its view.
    ///
    /// @param d one valid JSON object without white space around it
    public static List<Concealment> concealments(String type, byte[] d) {
        return ChannelReferences.find(EventTable.rule(type), d, 0);
    }

    /// The types of the table that backends publish, in its order.
    public static List<String> types() {
        var types = new ArrayList<String>();
        for (var rule : EventTable.rules()) {
            if (rule.route() != Route.GATEWAY_ONLY) {
                types.add(rule.type());
            }
        }
        return types;
    }

    private static ParsedEvent parse(Json event, int bytes, PublisherContext publisherContext) {
        var type = event.get("t").string();
        if (!TYPE.matcher(type).matches()) {
            throw event.get("t")
                    .invalid("must be upper-case letters, digits and underscores, at most " + TYPE_CHARS_MAX);
        }
        var d = event.get("d");
        var users = users(event);
        var publication = publication(event, publisherContext);
        var rule = EventTable.rule(type);
        if (type.equals("GUILD_CREATE") && !GuildSnapshotSplitter.isOutageOnly(d)) {
            return document(d, users, publication);
        }
        if (bytes > EVENT_BYTES_MAX) {
            throw new InvalidEventException("", bytes + " bytes (at most " + EVENT_BYTES_MAX + ")");
        }
        return switch (rule.route()) {
            case GUILD -> GuildEventRecordFactory.toGuild(rule, d, users, List.of(), publication);
            case USERS -> toUser(rule, d, users, publication);
            case GUILD_OR_USERS ->
                d.find(rule.guildField()) == null
                        ? toUser(rule, d, users, publication)
                        : GuildEventRecordFactory.toGuild(rule, d, users, List.of(), publication);
            case USERS_OR_GUILD ->
                users.isEmpty()
                        ? GuildEventRecordFactory.toGuild(rule, d, users, List.of(), publication)
                        : toUser(rule, d, users, publication);
            case GATEWAY_ONLY -> throw event.get("t").invalid(type + " is made by the gateway itself");
        };
    }

    private static ParsedEvent document(Json d, List<Long> users, @Nullable Publication publication) {
        if (!users.isEmpty()) {
            throw new InvalidEventException("users", "must be absent: a whole guild is for all its members");
        }
        var version = publication == null
                ? UUID.randomUUID().toString()
                : publication.getPublisher() + "#" + publication.getSequence();
        var document = new GuildSnapshotSplitter(d, version, publication);
        return new ParsedEvent.Document(document.guildId(), document, document.end());
    }

    private static ParsedEvent toUser(EventRule rule, Json d, List<Long> named, @Nullable Publication publication) {
        var users = named;
        if (users.isEmpty() && rule.type().equals("USER_UPDATE")) {
            users = List.of(d.get("id").id());
        }
        if (users.isEmpty()) {
            throw rule.route() == Route.USERS
                    ? new InvalidEventException(
                            "users", "is missing: " + rule.type() + " is for users, who must be named")
                    : new InvalidEventException(
                            "users", "is missing: without d." + rule.guildField() + " the users must be named");
        }
        GuildEventRecordFactory.checkIds(rule, d);
        long scope = d.isObject() ? d.idOrZero("channel_id") : 0;
        var event = UserEvent.newBuilder()
                .setType(rule.type())
                .addAllUsers(users)
                .setShardZeroOnly(rule.shardZeroOnly())
                .setIntents(rule.directIntents())
                .setPayload(d.raw());
        if (publication != null) {
            event.setPublication(publication);
        }
        return new ParsedEvent.ToUser(
                scope == 0 ? users.getFirst() : scope,
                UserRecord.newBuilder().setEvent(event).build());
    }

    private static List<Long> users(Json event) {
        var users = event.find("users");
        if (users == null) {
            return List.of();
        }
        var ids = users.ids();
        if (ids.isEmpty() || ids.size() > USERS_MAX) {
            throw users.invalid("must hold 1 to " + USERS_MAX + " users");
        }
        return ids.stream().distinct().toList();
    }

    private static @Nullable Publication publication(Json event, PublisherContext publisherContext) {
        var named = event.find("publisher");
        var sequence = event.find("sequence");
        if (named != null && sequence == null) {
            throw new InvalidEventException("sequence", "is missing: a publisher's events are deduplicated by it");
        }
        if (sequence == null) {
            return publisherContext.defaultPublication();
        }
        var publisher = named == null ? publisherContext.authenticatedAs() : named.string();
        if (publisher == null) {
            throw new InvalidEventException("publisher", "is missing: a sequence needs a publisher");
        }
        if (publisher.isEmpty() || publisher.getBytes(StandardCharsets.UTF_8).length > PUBLISHER_BYTES_MAX) {
            throw new InvalidEventException("publisher", "must be 1 to " + PUBLISHER_BYTES_MAX + " bytes");
        }
        if (!publisherContext.allows(publisher)) {
            throw new InvalidEventException(
                    "publisher",
                    "must be " + publisherContext.authenticatedAs() + ", the name of its token, or "
                            + publisherContext.authenticatedAs() + "/…");
        }
        long number = sequence.bits();
        if (Long.compareUnsigned(number, SEQUENCE_MAX) > 0) {
            throw sequence.invalid("is " + Long.toUnsignedString(number) + " (at most " + SEQUENCE_MAX + ")");
        }
        return Publication.newBuilder()
                .setPublisher(publisher)
                .setSequence(number)
                .build();
    }
}
