package dev.guildcast.gateway.link;

import java.util.OptionalInt;
import reactor.core.publisher.Mono;

/// Counts a user's guilds, as the owner of its session shard knows them. Safe for use from any thread; never blocks.
public interface GuildCounts {
    /// Never fails and is never empty: without a live owner the value is an empty count.
    Mono<OptionalInt> guildCount(long userId);
}
