package dev.guildcast.contract.catalogue;

import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.UserRecord;
import dev.guildcast.shard.v1.Lane;

/// What a published event became.
public sealed interface ReadEvent {
    /// A record for the log of a guild's shard, or for its ephemeral lane.
    ///
    /// @param guildId whose home shard it is for; the record's key
    record ToGuild(long guildId, GuildRecord record, Lane lane) implements ReadEvent {}

    /// A whole guild, in records for the log of its shard.
    ///
    /// @param parts at least one, in order; made anew by each iteration, so that a large guild never lies in memory
    /// twice
    /// @param end goes into the log when every part stands in it, never before
    record Document(long guildId, Iterable<GuildRecord> parts, GuildRecord end) implements ReadEvent {}

    /// A record for the log of a user shard.
    ///
    /// @param scope what the event is ordered by: its channel, else its first user; the record's key
    record ToUser(long scope, UserRecord record) implements ReadEvent {}

    /// Nothing: the event is wrong.
    ///
    /// @param field JSON path of what is wrong, such as `d.guild_id`; empty when it is the event as a whole
    /// @param reason one sentence for the publisher
    record Refused(String field, String reason) implements ReadEvent {}
}
