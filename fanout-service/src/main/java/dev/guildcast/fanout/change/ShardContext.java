package dev.guildcast.fanout.change;

import dev.guildcast.fanout.delivery.DeliveryBatcher;
import dev.guildcast.fanout.delivery.FanoutCounters;
import dev.guildcast.fanout.delivery.MemberChunks;
import dev.guildcast.fanout.delivery.MembershipEmitter;
import dev.guildcast.fanout.presence.PresenceCache;

/// What all guilds of a shard share: batching, membership records, member chunks, presences and counters.
public record ShardContext(
        DeliveryBatcher batcher,
        MembershipEmitter memberships,
        MemberChunks chunks,
        PresenceCache presences,
        FanoutCounters counters) {}
