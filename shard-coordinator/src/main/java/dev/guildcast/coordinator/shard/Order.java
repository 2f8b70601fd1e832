package dev.guildcast.coordinator.shard;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.v1.Directive;

/// What a node is told about one shard, once the decision behind it is kept.
///
/// @param epoch of the claim; 0 unless the action is CLAIM
record Order(String node, ShardId shard, Directive.Action action, long epoch) {
    Directive toDirective() {
        return Directive.newBuilder()
                .setShard(shard.toRef())
                .setAction(action)
                .setEpoch(epoch)
                .build();
    }
}
