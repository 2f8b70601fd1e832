package dev.guildcast.contract;

/// Topic names and transactional ids of one installation; two installations on one Kafka differ by prefix.
///
/// @param prefix put before every name, such as `guildcast.`
public record Topics(String prefix) {
    public static final String DEFAULT_PREFIX = "guildcast.";

    public String guildEvents() {
        return prefix + "guild.events";
    }

    public String guildEphemeral() {
        return prefix + "guild.ephemeral";
    }

    public String userEvents() {
        return prefix + "user.events";
    }

    public String ingressEvents() {
        return prefix + "ingress.events";
    }

    public String sessionLog() {
        return prefix + "session.log";
    }

    public String sessionLifecycle() {
        return prefix + "session.lifecycle";
    }

    public String coordinatorState() {
        return prefix + "coordinator.state";
    }

    public String deadLetter() {
        return prefix + "dead.letter";
    }

    /// The log of shards of this kind; a shard's index is its partition.
    public String log(ShardId.Kind kind) {
        return switch (kind) {
            case GUILD -> guildEvents();
            case USER -> userEvents();
            case SESSION -> sessionLog();
        };
    }

    /// The compacted topic of checkpoints of this kind; partitioned as the log.
    public String state(ShardId.Kind kind) {
        return prefix
                + switch (kind) {
                    case GUILD -> "guild.state";
                    case USER -> "user.state";
                    case SESSION -> "session.state";
                };
    }

    /// The transactional id under which a shard's checkpoints are written.
    public String checkpointTransactionalId(ShardId shard) {
        return prefix + "ckpt-" + shard;
    }
}
