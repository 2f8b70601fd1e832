package dev.guildcast.coordinator.store;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.coordinator.Decision;
import dev.guildcast.coordinator.Leader;
import dev.guildcast.coordinator.Node;
import dev.guildcast.coordinator.Shard;
import dev.guildcast.coordinator.ShardPhase;
import dev.guildcast.coordinator.v1.StoredHead;
import dev.guildcast.coordinator.v1.StoredKind;
import dev.guildcast.coordinator.v1.StoredNode;
import dev.guildcast.coordinator.v1.StoredPhase;
import dev.guildcast.coordinator.v1.StoredShard;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Encodes decisions as keyed records and decodes them. The head record completes each.
final class StateCodec {
    static final String HEAD = "head";
    private static final String SHARD = "shard/";
    private static final String NODE = "node/";

    private StateCodec() {}

    /// The records of one transaction, in order; a null value removes its key.
    static Map<String, byte @Nullable []> encode(Decision decision) {
        var records = new LinkedHashMap<String, byte @Nullable []>();
        decision.shards().forEach(shard -> records.put(SHARD + shard.id(), bytes(stored(shard))));
        decision.nodes().forEach(node -> records.put(NODE + node.id(), bytes(stored(node))));
        new TreeSet<>(decision.goneNodes()).forEach(id -> records.put(NODE + id, null));
        records.put(HEAD, bytes(head(decision)));
        return records;
    }

    private static byte[] bytes(MessageLite message) {
        return message.toByteArray();
    }

    private static StoredHead head(Decision decision) {
        return StoredHead.newBuilder()
                .setRevision(decision.revision())
                .setLeaderId(decision.leader().id())
                .setLeaderAddress(decision.leader().address())
                .setTopicsReady(decision.topicsReady())
                .setGuildShards(decision.topology().guildShards())
                .setDedicatedShards(decision.topology().dedicatedShards())
                .setUserShards(decision.topology().userShards())
                .setSessionShards(decision.topology().sessionShards())
                .build();
    }

    private static StoredShard stored(Shard shard) {
        return StoredShard.newBuilder()
                .setKind(stored(shard.id().kind()))
                .setIndex(shard.id().index())
                .setPhase(
                        switch (shard.phase()) {
                            case UNASSIGNED -> StoredPhase.STORED_UNASSIGNED;
                            case ACTIVE -> StoredPhase.STORED_ACTIVE;
                            case DRAINING -> StoredPhase.STORED_DRAINING;
                            case TRANSFERRING -> StoredPhase.STORED_TRANSFERRING;
                        })
                .setOwner(orEmpty(shard.owner()))
                .setOwnerEpoch(shard.ownerEpoch())
                .setNext(orEmpty(shard.next()))
                .setOrderedEpoch(shard.orderedEpoch())
                .setEpochMax(shard.epochMax())
                .setPinned(orEmpty(shard.pinned()))
                .build();
    }

    private static StoredNode stored(Node node) {
        return StoredNode.newBuilder()
                .setId(node.id())
                .setAddress(node.address())
                .addAllKinds(
                        node.kinds().stream().sorted().map(StateCodec::stored).toList())
                .putAllLabels(node.labels())
                .setDraining(node.draining())
                .build();
    }

    private static StoredKind stored(ShardId.Kind kind) {
        return switch (kind) {
            case GUILD -> StoredKind.STORED_GUILD;
            case USER -> StoredKind.STORED_USER;
            case SESSION -> StoredKind.STORED_SESSION;
        };
    }

    private static ShardId.Kind kind(StoredKind kind) {
        return switch (kind) {
            case STORED_GUILD -> ShardId.Kind.GUILD;
            case STORED_USER -> ShardId.Kind.USER;
            case STORED_SESSION -> ShardId.Kind.SESSION;
            case STORED_KIND_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("a stored shard has the unknown kind " + kind);
        };
    }

    private static Shard shard(StoredShard stored) {
        return new Shard(
                new ShardId(kind(stored.getKind()), stored.getIndex()),
                switch (stored.getPhase()) {
                    case STORED_UNASSIGNED -> ShardPhase.UNASSIGNED;
                    case STORED_ACTIVE -> ShardPhase.ACTIVE;
                    case STORED_DRAINING -> ShardPhase.DRAINING;
                    case STORED_TRANSFERRING -> ShardPhase.TRANSFERRING;
                    case STORED_PHASE_UNSPECIFIED, UNRECOGNIZED ->
                        throw new IllegalArgumentException("a stored shard has the unknown phase " + stored.getPhase());
                },
                orNull(stored.getOwner()),
                stored.getOwnerEpoch(),
                orNull(stored.getNext()),
                stored.getOrderedEpoch(),
                stored.getEpochMax(),
                orNull(stored.getPinned()));
    }

    private static Node node(StoredNode stored) {
        Set<ShardId.Kind> kinds =
                stored.getKindsList().stream().map(StateCodec::kind).collect(Collectors.toSet());
        return new Node(stored.getId(), stored.getAddress(), kinds, stored.getLabelsMap(), stored.getDraining());
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    /// Decodes records: those between two heads are one decision. Used by one thread.
    static final class DecisionReader {
        private final Map<String, Shard> shards = new LinkedHashMap<>();
        private final Map<String, Node> nodes = new LinkedHashMap<>();
        private final Set<String> gone = new TreeSet<>();
        private @Nullable StoredHead head;

        /// @throws IllegalArgumentException if the record is malformed
        void read(String key, byte @Nullable [] value) {
            try {
                if (key.equals(HEAD)) {
                    head = value == null ? null : StoredHead.parseFrom(value);
                } else if (key.startsWith(SHARD) && value != null) {
                    shards.put(key, shard(StoredShard.parseFrom(value)));
                } else if (key.startsWith(NODE)) {
                    readNode(key.substring(NODE.length()), value);
                }
            } catch (InvalidProtocolBufferException malformed) {
                throw new IllegalArgumentException("the record of " + key + " is malformed", malformed);
            }
        }

        private void readNode(String id, byte @Nullable [] value) throws InvalidProtocolBufferException {
            if (value == null) {
                nodes.remove(id);
                gone.add(id);
            } else {
                gone.remove(id);
                nodes.put(id, node(StoredNode.parseFrom(value)));
            }
        }

        /// Everything since the last call, if its head was read; several decisions are merged into one.
        Optional<Decision> takeDecision() {
            var completeHead = head;
            if (completeHead == null) {
                return Optional.empty();
            }
            var decision = new Decision(
                    completeHead.getRevision(),
                    new Leader(completeHead.getLeaderId(), completeHead.getLeaderAddress()),
                    new Topology(
                            completeHead.getGuildShards(),
                            completeHead.getDedicatedShards(),
                            completeHead.getUserShards(),
                            completeHead.getSessionShards()),
                    completeHead.getTopicsReady(),
                    List.copyOf(shards.values()),
                    new ArrayList<>(nodes.values()),
                    gone);
            shards.clear();
            nodes.clear();
            gone.clear();
            head = null;
            return Optional.of(decision);
        }
    }
}
