package dev.guildcast.gateway.link;

import dev.guildcast.contract.Topology;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The number of shards of each kind; the same in every service, and fixed when the topics are created.
///
/// @param guildShards shards that guilds hash to
/// @param dedicatedShards further guild shards for huge guilds
/// @param userShards shards of user events
/// @param sessionShards shards of sessions; the shard of a user's session follows from it
@ConfigurationProperties("guildcast.topology")
record TopologyProperties(
        @DefaultValue("4") int guildShards,
        @DefaultValue("1") int dedicatedShards,
        @DefaultValue("1") int userShards,
        @DefaultValue("4") int sessionShards) {
    Topology topology() {
        return new Topology(guildShards, dedicatedShards, userShards, sessionShards);
    }
}
