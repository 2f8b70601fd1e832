package dev.guildcast.fanout.shard;

import dev.guildcast.fanout.Tally;
import dev.guildcast.fanout.delivery.DeliveryBatcher;
import dev.guildcast.fanout.delivery.MemberChunks;
import dev.guildcast.fanout.delivery.Memberships;
import dev.guildcast.fanout.delivery.PresenceView;

/// What all guilds of a shard share.
record Tools(
        DeliveryBatcher batcher, Memberships memberships, MemberChunks chunks, PresenceView presences, Tally tally) {}
