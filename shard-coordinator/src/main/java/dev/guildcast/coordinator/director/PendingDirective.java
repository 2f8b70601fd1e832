package dev.guildcast.coordinator.director;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.v1.Directive;

/// A directive to a node about one shard, sent once the decision behind it is committed.
///
/// @param epoch of the claim; 0 unless the action is CLAIM
public record PendingDirective(String node, ShardId shard, Directive.Action action, long epoch) {
    public Directive toProto() {
        return Directive.newBuilder()
                .setShard(shard.toRef())
                .setAction(action)
                .setEpoch(epoch)
                .build();
    }
}
