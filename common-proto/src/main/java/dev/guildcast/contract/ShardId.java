package dev.guildcast.contract;

import dev.guildcast.shard.v1.ShardRef;

/// Identifies one shard: a unit of ownership with one log partition.
///
/// @param index from 0, below 65 536; also the partition of the shard's log
public record ShardId(Kind kind, int index) implements Comparable<ShardId> {
    /// What a shard is keyed by.
    public enum Kind {
        GUILD,
        USER,
        SESSION
    }

    /// The largest index: session ids contain it in two bytes.
    public static final int INDEX_MAX = 0xFFFF;

    public ShardId {
        if (index < 0 || index > INDEX_MAX) {
            throw new IllegalArgumentException("shard index " + index + " (expected: 0.." + INDEX_MAX + ")");
        }
    }

    public static ShardId guild(int index) {
        return new ShardId(Kind.GUILD, index);
    }

    public static ShardId user(int index) {
        return new ShardId(Kind.USER, index);
    }

    public static ShardId session(int index) {
        return new ShardId(Kind.SESSION, index);
    }

    /// @throws IllegalArgumentException if the kind is unknown
    public static ShardId of(dev.guildcast.shard.v1.ShardKind kind, int index) {
        return new ShardId(
                switch (kind) {
                    case GUILD -> Kind.GUILD;
                    case USER -> Kind.USER;
                    case SESSION -> Kind.SESSION;
                    case SHARD_KIND_UNSPECIFIED, UNRECOGNIZED ->
                        throw new IllegalArgumentException(
                                "shard kind " + kind + " (expected: GUILD, USER or SESSION)");
                },
                index);
    }

    public static ShardId of(ShardRef ref) {
        return of(ref.getKind(), ref.getIndex());
    }

    public ShardRef toRef() {
        return ShardRef.newBuilder().setKind(protoKind()).setIndex(index).build();
    }

    public dev.guildcast.shard.v1.ShardKind protoKind() {
        return switch (kind) {
            case GUILD -> dev.guildcast.shard.v1.ShardKind.GUILD;
            case USER -> dev.guildcast.shard.v1.ShardKind.USER;
            case SESSION -> dev.guildcast.shard.v1.ShardKind.SESSION;
        };
    }

    @Override
    public int compareTo(ShardId other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : Integer.compare(index, other.index);
    }

    /// As in topics, metrics and logs: `guild-3`.
    @Override
    public String toString() {
        return switch (kind) {
            case GUILD -> "guild-" + index;
            case USER -> "user-" + index;
            case SESSION -> "session-" + index;
        };
    }
}
