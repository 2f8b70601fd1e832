package dev.guildcast.contract.catalogue;

import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.UserRecord;
import dev.guildcast.shard.v1.Lane;

/// The result of parsing a published event.
public sealed interface ParsedEvent {
    /// A record for the log of a guild's shard, or for its ephemeral lane.
    ///
    /// @param guildId guild whose home shard the record is for; the record's key
    record ToGuild(long guildId, GuildRecord record, Lane lane) implements ParsedEvent {}

    /// A snapshot of a whole guild, in records for the log of its shard.
    ///
    /// @param parts at least one, in order; each iteration creates them one by one, so that a large guild is never
    ///     in memory twice
    /// @param end to be appended when every part is in the log, never before
    record Document(long guildId, Iterable<GuildRecord> parts, GuildRecord end) implements ParsedEvent {}

    /// A record for the log of a user shard.
    ///
    /// @param scope the channel of the event, else its first user: events of one scope keep their order; the
    ///     record's key
    record ToUser(long scope, UserRecord record) implements ParsedEvent {}

    /// The event is invalid and becomes no record.
    ///
    /// @param field JSON path of the error, such as `d.guild_id`; empty when it concerns the whole event
    /// @param reason one sentence for the publisher
    record Invalid(String field, String reason) implements ParsedEvent {}
}
