package dev.guildcast.contract.catalogue;

import dev.guildcast.contract.SessionId;
import dev.guildcast.contract.catalogue.EventRow.Route;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.event.v1.UserEvent;
import dev.guildcast.event.v1.UserRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Turns an event as its clients should see it into records for the logs.
///
/// An event is one JSON object: `t` and `d` as clients get them, `users` for one that is not for a guild, `publisher`
/// and `sequence` to mark repeats; other keys are ignored. `d` reaches clients byte for byte: records share the text
/// that was read, so the array must not be changed afterwards. `docs/events.md` is made from the table behind this
/// class.
public final class EventCatalogue {
    /// Bytes of one event.
    public static final int EVENT_BYTES_MAX = 512 * 1024;

    /// Bytes of one event that is a whole guild.
    public static final int DOCUMENT_BYTES_MAX = 64 * 1024 * 1024;

    private static final int USERS_MAX = 1000;
    private static final int PUBLISHER_BYTES_MAX = 128;
    private static final Pattern TYPE = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

    private EventCatalogue() {}

    /// Reads an event of a backend that writes the logs itself.
    public static ReadEvent read(byte[] event) {
        return read(event, Publishing.ANYONE);
    }

    /// Reads one event; what is wrong with it is a value, never an exception.
    public static ReadEvent read(byte[] event, Publishing publishing) {
        try {
            if (event.length > DOCUMENT_BYTES_MAX) {
                throw new Refusal("", event.length + " bytes (at most " + DOCUMENT_BYTES_MAX + ")");
            }
            return read(Json.object(event), event.length, publishing);
        } catch (Refusal refusal) {
            return refusal.toValue();
        }
    }

    /// Makes the record of an event that a service of ours publishes itself, such as a presence.
    ///
    /// @param d the JSON of `d`, an object that names its guild
    /// @throws IllegalArgumentException if the event is none that could be published
    public static ReadEvent.ToGuild ofService(String type, byte[] d) {
        return ofService(type, d, List.of());
    }

    /// As above, for these sessions alone (VOICE_SERVER_UPDATE).
    public static ReadEvent.ToGuild ofService(String type, byte[] d, List<SessionId> sessions) {
        try {
            var row = EventTable.row(type);
            if (d.length > EVENT_BYTES_MAX || row.route() == Route.OUR_OWN || row.route() == Route.USERS) {
                throw new Refusal("t", type + " is not published to a guild, or is too large");
            }
            return GuildEvents.toGuild(row, Json.object(d).named("d"), List.of(), sessions, null);
        } catch (Refusal refusal) {
            var refused = refusal.toValue();
            throw new IllegalArgumentException(type + ": " + refused.field() + " " + refused.reason(), refusal);
        }
    }

    private static ReadEvent read(Json event, int bytes, Publishing publishing) {
        var type = event.get("t").string();
        if (!TYPE.matcher(type).matches()) {
            throw event.get("t").refuse("must be upper-case letters, digits and underscores, at most 64");
        }
        var d = event.get("d");
        var users = users(event);
        var publication = publication(event, publishing);
        var row = EventTable.row(type);
        if (type.equals("GUILD_CREATE") && !GuildDocument.isOutageOnly(d)) {
            return document(d, users, publication);
        }
        if (bytes > EVENT_BYTES_MAX) {
            throw new Refusal("", bytes + " bytes (at most " + EVENT_BYTES_MAX + ")");
        }
        return switch (row.route()) {
            case GUILD -> GuildEvents.toGuild(row, d, users, List.of(), publication);
            case USERS -> toUser(row, d, users, publication);
            case GUILD_OR_USERS ->
                d.find(row.guildField()) == null
                        ? toUser(row, d, users, publication)
                        : GuildEvents.toGuild(row, d, users, List.of(), publication);
            case USERS_OR_GUILD ->
                users.isEmpty()
                        ? GuildEvents.toGuild(row, d, users, List.of(), publication)
                        : toUser(row, d, users, publication);
            case OUR_OWN -> throw event.get("t").refuse(type + " is made by the gateway itself");
        };
    }

    private static ReadEvent document(Json d, List<Long> users, @Nullable Publication publication) {
        if (!users.isEmpty()) {
            throw new Refusal("users", "must be absent: a whole guild is for all its members");
        }
        var version = publication == null
                ? UUID.randomUUID().toString()
                : publication.getPublisher() + "#" + publication.getSequence();
        var document = new GuildDocument(d, version, publication);
        return new ReadEvent.Document(document.guildId(), document, document.end());
    }

    private static ReadEvent toUser(EventRow row, Json d, List<Long> named, @Nullable Publication publication) {
        var users = named;
        if (users.isEmpty() && row.type().equals("USER_UPDATE")) {
            users = List.of(d.get("id").id());
        }
        if (users.isEmpty()) {
            throw row.route() == Route.USERS
                    ? new Refusal("users", "is missing: " + row.type() + " is for users, who must be named")
                    : new Refusal("users", "is missing: without d." + row.guildField() + " the users must be named");
        }
        GuildEvents.checkIds(row, d);
        long scope = d.isObject() ? d.idOrZero("channel_id") : 0;
        var event = UserEvent.newBuilder()
                .setType(row.type())
                .addAllUsers(users)
                .setShardZeroOnly(row.shardZeroOnly())
                .setIntents(row.directIntents())
                .setPayload(d.raw());
        if (publication != null) {
            event.setPublication(publication);
        }
        return new ReadEvent.ToUser(
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
            throw users.refuse("must hold 1 to " + USERS_MAX + " users");
        }
        return ids.stream().distinct().toList();
    }

    private static @Nullable Publication publication(Json event, Publishing publishing) {
        var named = event.find("publisher");
        var sequence = event.find("sequence");
        if (named != null && sequence == null) {
            throw new Refusal("sequence", "is missing: repeats of a publisher are known by it");
        }
        if (sequence == null) {
            return publishing.unmarked();
        }
        var publisher = named == null ? publishing.boundTo() : named.string();
        if (publisher == null) {
            throw new Refusal("publisher", "is missing: a sequence is that of a publisher");
        }
        if (publisher.isEmpty() || publisher.getBytes(StandardCharsets.UTF_8).length > PUBLISHER_BYTES_MAX) {
            throw new Refusal("publisher", "must be 1 to " + PUBLISHER_BYTES_MAX + " bytes");
        }
        if (!publishing.allows(publisher)) {
            throw new Refusal(
                    "publisher",
                    "must be " + publishing.boundTo() + ", as which it signed in, or " + publishing.boundTo() + "/…");
        }
        long number = sequence.bits();
        if (number < 0) {
            throw sequence.refuse("must be below 2^63");
        }
        return Publication.newBuilder()
                .setPublisher(publisher)
                .setSequence(number)
                .build();
    }
}
