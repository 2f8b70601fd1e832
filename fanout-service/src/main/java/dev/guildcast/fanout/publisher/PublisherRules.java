package dev.guildcast.fanout.publisher;

import dev.guildcast.contract.catalogue.ParsedEvent;
import dev.guildcast.event.v1.UserRecord;
import java.util.Optional;
import java.util.Set;

/// What a publisher may publish, and how much.
///
/// @param tokens SHA-256 digests of its tokens as 64 hex digits: one, or two while it changes from one to the other
/// @param guilds whose events it may publish
/// @param users whom it may address outside of guilds
/// @param types of events; empty: all
/// @param eventsPerSecond of a node, on average; a second's worth may come at once
/// @param bytesPerSecond of a node, as it sends them; likewise
/// @param inFlightMax events that may wait for their append on a node, so that one publisher never has the whole limit
public record PublisherRules(
        Set<String> tokens,
        IdRange guilds,
        IdRange users,
        Set<String> types,
        long eventsPerSecond,
        long bytesPerSecond,
        int inFlightMax) {
    static final int TOKENS_MAX = 2;

    /// An event that the publisher may not publish.
    ///
    /// @param field that forbids it
    /// @param reason for the publisher
    public record Forbidden(String field, String reason) {}

    /// @throws IllegalArgumentException if a value is out of its bounds
    public PublisherRules {
        tokens = Set.copyOf(tokens);
        types = Set.copyOf(types);
        if (tokens.isEmpty() || tokens.size() > TOKENS_MAX) {
            throw new IllegalArgumentException("tokens has " + tokens.size() + " entries (expected: 1, or " + TOKENS_MAX
                    + " while a publisher changes its token)");
        }
        if (eventsPerSecond < 1 || bytesPerSecond < 1 || inFlightMax < 1) {
            throw new IllegalArgumentException("events_per_second " + eventsPerSecond + ", bytes_per_second "
                    + bytesPerSecond + ", in_flight " + inFlightMax + " (expected: at least 1 each)");
        }
    }

    /// Why an event may not be published; empty if it may.
    public Optional<Forbidden> verify(ParsedEvent parsed) {
        return switch (parsed) {
            case ParsedEvent.ToGuild event -> {
                var type = verifyType(event.record().getEvent().getType());
                yield type.isPresent() ? type : verifyGuild(event.guildId());
            }
            case ParsedEvent.Document document -> {
                var type = verifyType("GUILD_CREATE");
                yield type.isPresent() ? type : verifyGuild(document.guildId());
            }
            case ParsedEvent.ToUser event -> {
                var type = verifyType(event.record().getEvent().getType());
                yield type.isPresent() ? type : verifyUsers(event.record());
            }
            // Its own reason is the clearer one.
            case ParsedEvent.Invalid ignored -> Optional.empty();
        };
    }

    private Optional<Forbidden> verifyType(String type) {
        return types.isEmpty() || types.contains(type)
                ? Optional.empty()
                : Optional.of(new Forbidden("t", "this publisher may not publish " + type));
    }

    private Optional<Forbidden> verifyGuild(long guild) {
        return guilds.contains(guild)
                ? Optional.empty()
                : Optional.of(new Forbidden(
                        "d.guild_id",
                        "this publisher may not publish for guild " + Long.toUnsignedString(guild) + " (its guilds: "
                                + guilds + ")"));
    }

    private Optional<Forbidden> verifyUsers(UserRecord record) {
        if (users instanceof IdRange.All) {
            return Optional.empty();
        }
        var event = record.getEvent();
        if (event.getSessionsCount() > 0) {
            return Optional.of(
                    new Forbidden("sessions", "this publisher may address users only (its users: " + users + ")"));
        }
        return event.getUsersList().stream()
                .filter(user -> !users.contains(user))
                .findFirst()
                .map(user -> new Forbidden(
                        "users",
                        "this publisher may not publish for user " + Long.toUnsignedString(user) + " (its users: "
                                + users + ")"));
    }
}
